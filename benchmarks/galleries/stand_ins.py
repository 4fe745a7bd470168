"""Invented numbers in the shape of seaborn's data sets, which its examples would fetch from the net.

Columns, kinds and sizes are theirs, so that every example runs and draws as much; no number is.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.random import Generator


def write(folder: Path) -> None:
    """Write each set as the file that seaborn looks for before it asks the net."""
    folder.mkdir(parents=True, exist_ok=True)
    for make in SETS:
        make(np.random.default_rng(0)).to_csv(folder / f"{make.__name__}.csv", index=make is brain_networks)


def _frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def _words(text: str) -> list[str]:
    return text.split()


def _crossed(names: str, *values: Any) -> pd.DataFrame:
    """Return a row for each combination."""
    return pd.DataFrame(list(product(*values)), columns=names.split())


def _with_gaps(rng: Generator, values: Any, share: float) -> Any:
    """Return values, of which some are not known."""
    return pd.Series(values).mask(rng.random(len(values)) < share)


def anscombe(rng: Generator) -> pd.DataFrame:
    table = _crossed("dataset x", ["I", "II", "III", "IV"], np.arange(4.0, 15.0))
    return table.assign(y=3 + 0.5 * table.x + rng.normal(0, 1, len(table)))


def brain_networks(rng: Generator) -> pd.DataFrame:
    networks = [
        (str(number), str(1 + node), side)
        for number in range(1, 18)
        for node, side in enumerate(("lh", "rh"))
    ]
    nodes = [
        *networks,
        *((str(number), "3", side) for number in (5, 6, 7, 8, 12, 13, 16, 17) for side in ("lh", "rh")),
    ]
    columns = pd.MultiIndex.from_tuples(
        sorted(nodes, key=lambda each: int(each[0])), names=["network", "node", "hemi"]
    )
    common = rng.normal(0, 20, (920, 17)).cumsum(axis=0) / 8
    numbers = [int(network) - 1 for network, _, _ in columns]
    return pd.DataFrame(common[:, numbers] + rng.normal(0, 10, (920, len(columns))), columns=columns)


def car_crashes(rng: Generator) -> pd.DataFrame:
    places = _words(
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND "
        "OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
    )
    total = rng.normal(15.8, 4, len(places)).clip(5, 25)
    parts = {
        name: total * rng.uniform(0.2, 0.9, len(places))
        for name in ("speeding", "alcohol", "not_distracted", "no_previous")
    }
    costs = {"ins_premium": rng.normal(887, 178, len(places)), "ins_losses": rng.normal(134, 25, len(places))}
    return _frame(total=total, **parts, **costs, abbrev=places).round(3)


def diamonds(rng: Generator) -> pd.DataFrame:
    count = 53_940
    carat = rng.lognormal(-0.4, 0.58, count).clip(0.2, 5).round(2)
    side = 6.45 * np.cbrt(carat)
    return _frame(
        carat=carat,
        cut=rng.choice(
            ["Ideal", "Premium", "Very Good", "Good", "Fair"], count, p=[0.4, 0.26, 0.22, 0.09, 0.03]
        ),
        color=rng.choice(list("DEFGHIJ"), count),
        clarity=rng.choice(["IF", "VVS1", "VVS2", "VS1", "VS2", "SI1", "SI2", "I1"], count),
        depth=rng.normal(61.7, 1.4, count).round(1),
        table=rng.normal(57.5, 2.2, count).round(),
        price=(4000 * carat**1.7 * rng.lognormal(0, 0.25, count)).clip(326, 18_823).astype(int),
        x=side.round(2),
        y=side.round(2),
        z=(0.617 * side).round(2),
    )


def dots(rng: Generator) -> pd.DataFrame:
    table = _crossed(
        "align choice time coherence",
        ["dots", "sacc"],
        ["T1", "T2"],
        range(-600, 720, 40),
        [0.0, 3.2, 6.4, 12.8, 25.6, 51.2],
    )
    rise = table.coherence * np.where(table.choice == "T1", 0.6, -0.4) / (1 + np.exp(-table.time / 150))
    return table.assign(firing_rate=35 + rise + rng.normal(0, 1, len(table)))


def dowjones(rng: Generator) -> pd.DataFrame:
    days = pd.date_range("1914-12-01", periods=649, freq="MS")
    return _frame(Date=days, Price=np.exp(4 + rng.normal(0.004, 0.05, len(days)).cumsum()).round(2))


def exercise(rng: Generator) -> pd.DataFrame:
    table = _crossed("id time", range(1, 31), ["1 min", "15 min", "30 min"])
    table["diet"] = np.where(table.id % 2, "low fat", "no fat")
    table["kind"] = np.array(["rest", "walking", "running"])[(table.id - 1) // 10]
    return table.assign(pulse=rng.normal(90 + 6 * ((table.id - 1) // 10), 8).astype(int))


def flights(rng: Generator) -> pd.DataFrame:
    months = _words("January February March April May June July August September October November December")
    table = _crossed("year month", range(1949, 1961), months)
    season = np.tile(1 + 0.2 * np.sin(np.arange(12) / 2 - 1.5), 12)
    return table.assign(
        passengers=(season * (110 + 30 * (table.year - 1949)) + rng.normal(0, 8, 144)).astype(int)
    )


def fmri(rng: Generator) -> pd.DataFrame:
    subjects = [f"s{number}" for number in range(14)]
    table = _crossed(
        "subject timepoint event region", subjects, range(19), ["stim", "cue"], ["parietal", "frontal"]
    )
    wave = 0.25 * np.exp(-((table.timepoint - 5) ** 2) / 8) - 0.08 * np.exp(
        -((table.timepoint - 11) ** 2) / 10
    )
    size = np.where(table.event == "stim", 1, 0.4) * np.where(table.region == "parietal", 1, 0.6)
    return table.assign(signal=wave * size + rng.normal(0, 0.04, len(table)))


def geyser(rng: Generator) -> pd.DataFrame:
    is_long = rng.random(272) < 0.63
    duration = np.where(is_long, rng.normal(4.3, 0.4, 272), rng.normal(2.0, 0.27, 272)).round(3)
    waiting = np.where(is_long, rng.normal(80, 6, 272), rng.normal(54, 6, 272)).astype(int)
    return _frame(duration=duration, waiting=waiting, kind=np.where(is_long, "long", "short"))


def glue(rng: Generator) -> pd.DataFrame:
    models = dict(
        zip(_words("LSTM ELMo BERT RoBERTa T5 ERNIE XLNet DeBERTa"), range(2013, 2021), strict=True)
    )
    table = _crossed("Model Task", models, _words("CoLA SST-2 MRPC STS-B QQP MNLI QNLI RTE"))
    table["Year"] = table.Model.map(models)
    table["Encoder"] = np.where(table.Model.isin(["ELMo", "LSTM"]), "LSTM", "Transformer")
    return table.assign(
        Score=(30 + 8 * (table.Year - 2014) + rng.normal(0, 6, len(table))).clip(20, 99).round(1)
    )


def healthexp(rng: Generator) -> pd.DataFrame:
    countries = ["Germany", "France", "Great Britain", "Japan", "USA", "Canada"]
    table = _crossed("Year Country", range(1970, 2021), countries)
    steep = table.Country.map(dict(zip(countries, (75, 60, 55, 50, 120, 65), strict=True)))
    table["Spending_USD"] = (
        (150 + steep * (table.Year - 1970) ** 1.05 + rng.normal(0, 30, len(table))).clip(100).round(2)
    )
    return table.assign(
        Life_Expectancy=(71 + 0.2 * (table.Year - 1970) + rng.normal(0, 0.4, len(table))).round(1)
    )


def iris(rng: Generator) -> pd.DataFrame:
    species = np.repeat(["setosa", "versicolor", "virginica"], 50)
    means = {
        "sepal_length": (5.0, 5.9, 6.6),
        "sepal_width": (3.4, 2.8, 3.0),
        "petal_length": (1.5, 4.3, 5.6),
        "petal_width": (0.2, 1.3, 2.0),
    }
    drawn = {
        name: rng.normal(np.repeat(mean, 50), 0.06 * max(mean)).clip(0.1).round(1)
        for name, mean in means.items()
    }
    return _frame(**drawn, species=species)


def mpg(rng: Generator) -> pd.DataFrame:
    count = 398
    cylinders = rng.choice([3, 4, 5, 6, 8], count, p=[0.01, 0.51, 0.01, 0.21, 0.26])
    weight = rng.normal(1300 + 340 * cylinders, 300).clip(1600, 5200).astype(int)
    power = rng.normal(weight / 28, 12).clip(46, 230).round()
    return _frame(
        mpg=rng.normal(46 - 0.0075 * weight, 3).clip(9, 47).round(1),
        cylinders=cylinders,
        displacement=rng.normal(cylinders * 38 - 20, 20).clip(68, 455).round(),
        horsepower=_with_gaps(rng, power, 0.015),
        weight=weight,
        acceleration=rng.normal(22 - power / 16, 1.5).clip(8, 25).round(1),
        model_year=rng.integers(70, 83, count),
        origin=rng.choice(["usa", "japan", "europe"], count, p=[0.62, 0.2, 0.18]),
        name=[f"car {number}" for number in range(count)],
    )


def penguins(rng: Generator) -> pd.DataFrame:
    kinds = np.repeat([0, 1, 2], (152, 68, 124))
    sexes = rng.choice(["MALE", "FEMALE"], 344)
    drawn = {
        "bill_length_mm": (38.8, 48.8, 47.5, 2.7),
        "bill_depth_mm": (18.3, 18.4, 15.0, 1.0),
        "flipper_length_mm": (190, 196, 217, 6.5),
        "body_mass_g": (3700, 3733, 5076, 400),
    }
    measured = {name: rng.normal(np.array(means)[kinds], sd).round(1) for name, (*means, sd) in drawn.items()}
    islands = np.where(
        kinds == 2, "Biscoe", np.where(kinds == 1, "Dream", rng.choice(["Torgersen", "Biscoe", "Dream"], 344))
    )
    species = np.array(["Adelie", "Chinstrap", "Gentoo"])[kinds]
    known = {name: _with_gaps(rng, values, 0.006) for name, values in measured.items()}
    return _frame(species=species, island=islands, **known, sex=_with_gaps(rng, sexes, 0.03))


def planets(rng: Generator) -> pd.DataFrame:
    methods = [
        "Radial Velocity",
        "Transit",
        "Imaging",
        "Microlensing",
        "Eclipse Timing Variations",
        "Pulsar Timing",
        "Transit Timing Variations",
        "Orbital Brightness Modulation",
        "Astrometry",
        "Pulsation Timing Variations",
    ]
    chances = np.array([553, 397, 38, 23, 9, 5, 4, 3, 2, 1]) / 1035
    method = np.concatenate([methods, rng.choice(methods, 1025, p=chances)])
    return _frame(
        method=method,
        number=rng.integers(1, 8, 1035),
        orbital_period=_with_gaps(rng, rng.lognormal(4, 3, 1035), 0.04),
        mass=_with_gaps(rng, rng.lognormal(0, 1.3, 1035), 0.5),
        distance=_with_gaps(rng, rng.lognormal(4.2, 1.3, 1035), 0.2),
        year=rng.integers(1989, 2015, 1035),
    )


def seaice(rng: Generator) -> pd.DataFrame:
    days = pd.date_range("1980-01-01", "2019-12-31", freq="D")
    season = 12 + 3.5 * np.cos(2 * np.pi * (days.dayofyear.to_numpy() - 70) / 365)
    return _frame(
        Date=days, Extent=(season - 0.03 * (days.year - 1980) + rng.normal(0, 0.2, len(days))).round(3)
    )


def tips(rng: Generator) -> pd.DataFrame:
    bill = rng.lognormal(2.9, 0.42, 244).clip(3, 51).round(2)
    time = rng.choice(["Dinner", "Lunch"], 244, p=[0.72, 0.28])
    return _frame(
        total_bill=bill,
        tip=(0.9 + 0.105 * bill + rng.normal(0, 0.9, 244)).clip(1, 10).round(2),
        sex=rng.choice(["Male", "Female"], 244, p=[0.64, 0.36]),
        smoker=rng.choice(["No", "Yes"], 244, p=[0.62, 0.38]),
        day=np.where(
            time == "Lunch",
            rng.choice(["Thur", "Fri"], 244, p=[0.9, 0.1]),
            rng.choice(["Sat", "Sun", "Fri", "Thur"], 244, p=[0.49, 0.43, 0.07, 0.01]),
        ),
        time=time,
        size=rng.choice([1, 2, 3, 4, 5, 6], 244, p=[0.02, 0.64, 0.15, 0.15, 0.02, 0.02]),
    )


def titanic(rng: Generator) -> pd.DataFrame:
    count = 891
    level = rng.choice([1, 2, 3], count, p=[0.24, 0.21, 0.55])
    sex = rng.choice(["male", "female"], count, p=[0.65, 0.35])
    age = rng.gamma(5, 6, count).clip(0.4, 80).round(1)
    survived = (rng.random(count) < np.where(sex == "female", 0.95, 0.35) - 0.12 * (level - 1)).astype(int)
    who = np.where(age < 16, "child", np.where(sex == "male", "man", "woman"))
    alone = rng.random(count) < 0.6
    port = rng.choice(["S", "C", "Q"], count, p=[0.72, 0.19, 0.09])
    return _frame(
        survived=survived,
        pclass=level,
        sex=sex,
        age=_with_gaps(rng, age, 0.2),
        sibsp=rng.choice([0, 1, 2, 3], count, p=[0.7, 0.2, 0.06, 0.04]),
        parch=rng.choice([0, 1, 2], count, p=[0.76, 0.13, 0.11]),
        fare=rng.lognormal(4.6 - 0.8 * (level - 1), 0.6).clip(0, 512).round(2),
        embarked=port,
        **{"class": np.array(["First", "Second", "Third"])[level - 1]},
        who=who,
        adult_male=who == "man",
        deck=_with_gaps(rng, rng.choice(list("ABCDEFG"), count), 0.77),
        embark_town=np.array(["Southampton", "Cherbourg", "Queenstown"])[
            ["SCQ".index(each) for each in port]
        ],
        alive=np.where(survived, "yes", "no"),
        alone=alone,
    )


SETS: tuple[Callable[[Generator], pd.DataFrame], ...] = (
    anscombe, brain_networks, car_crashes, diamonds, dots, dowjones, exercise, flights, fmri, geyser, glue,
    healthexp, iris, mpg, penguins, planets, seaice, tips, titanic,
)  # fmt: skip
