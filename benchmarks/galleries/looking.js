// What a page shows of its blocks, seen from within; `gallery.figures()` tells, `gallery.stage(n)` shows one alone.
window.gallery = (() => {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = value => {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = value;
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data];
  };
  const NEAR = 0.05; // pixels
  const UNITS = [1, 96 / 72]; // pixels of what a figure is drawn in: a pixel, or a point
  const HREFS = ["href", "xlink:href"];
  // References of a drawing to what is not there.
  const dead = (root, within) => [root, ...root.querySelectorAll("*")].flatMap(each =>
    [...each.attributes].flatMap(({ name, value }) => HREFS.includes(name)
      ? (value.startsWith("#") && each.localName !== "a" ? [value.slice(1)] : [])
      : [...value.matchAll(/url\(["']?#([^)"']+)["']?\)/g)].map(match => match[1])),
  ).filter(id => ![...within.querySelectorAll(`[id="${CSS.escape(id)}"]`)].length);
  const files = root => [...root.querySelectorAll("image")].flatMap(each => HREFS.map(name => each.getAttribute(name)))
    .filter(link => link && !link.startsWith("data:") && !link.startsWith("#"));
  const found = [];

  async function figures(blockSelector, resultSelector) {
    const blocks = [...document.querySelectorAll(blockSelector)];
    const pictures = [...document.querySelectorAll(`${resultSelector} svg[role=img], ${resultSelector} img`)]
      .filter(each => each.getClientRects().length && !each.closest("chain-rule"));
    for (const picture of pictures) {
      const figure = { block: blocks.indexOf(picture.closest(blockSelector)), files: [], dead: [], texts: 0 };
      if (picture.localName === "img") {
        picture.loading = "eager";
        await picture.decode().catch(() => {});
        const link = picture.currentSrc;
        figure.kind = "image";
        if (!link.startsWith("data:")) figure.files.push(link);
        if (new URL(link).pathname.endsWith(".svg")) {
          figure.kind = "svg file";
          const text = await (await fetch(link)).text();
          const drawing = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
          figure.dead = [...dead(drawing, drawing), ...files(drawing)]; // an <img> loads nothing more
          figure.drawing = drawing;
        }
      } else {
        figure.kind = "svg";
        figure.dead = dead(picture, document);
        figure.files = files(picture).map(link => new URL(link, document.baseURI).href);
      }
      figure.bytes = new TextEncoder().encode(picture.outerHTML).length;
      figure.images = (figure.drawing ?? picture).querySelectorAll("image").length;
      figure.size = ["width", "height"].map(side =>
        parseFloat(picture.getAttribute(side)) || picture[`natural${side[0].toUpperCase()}${side.slice(1)}`] || 0);
      const { x, y, width } = (figure.drawing ?? picture).viewBox?.baseVal ?? {};
      const natural = UNITS.find(unit => Math.abs(width * unit - figure.size[0]) <= 1); // a page rounds sizes up
      const scale = natural ?? (width ? figure.size[0] / width : 0);
      const [left, top] = scale ? [x * scale, y * scale] : [0, 0];
      figure.scale = scale;
      figure.frame = [Math.ceil(left - NEAR), Math.ceil(top - NEAR),
        Math.floor(left + figure.size[0] + NEAR), Math.floor(top + figure.size[1] + NEAR)].map(side => side + 0); // no −0
      figure.picture = picture;
      found.push(figure);
    }
    return found.map(({ drawing, picture, scale, ...told }) => told);
  }

  // Show one figure alone, at its natural size, in the upper left; as the page has it, or with its text to be read.
  // It is cut to whole pixels, counted from the figure's own corner: only so do pixels of two renderers fall together.
  function stage(number, isOpened) {
    const { picture, drawing, scale, frame } = found[number];
    const size = [frame[2] - frame[0], frame[3] - frame[1]];
    const shown = isOpened && drawing ? document.importNode(drawing, true) : picture;
    const dialog = document.createElement("dialog");
    dialog.className = "gallery-stage";
    const place = picture.nextSibling;
    picture.parentElement.insertBefore(dialog, place);
    dialog.append(shown);
    let ground = dialog.parentElement;
    while (ground && !rgb(getComputedStyle(ground).backgroundColor)[3]) ground = ground.parentElement;
    const colour = ground ? getComputedStyle(ground).backgroundColor : "Canvas";
    dialog.style.cssText = `all: unset; color: inherit; position: fixed; inset: 0 auto auto 0; width: ${size[0]}px;
      height: ${size[1]}px; overflow: hidden; background: ${colour}; display: block`;
    const [old, box] = [shown.style.cssText, shown.getAttribute("viewBox")];
    if (scale && shown.localName === "svg") {
      shown.setAttribute("viewBox", [frame[0], frame[1], ...size].map(side => side / scale).join(" "));
    }
    shown.style.cssText = `width: ${size[0]}px !important; height: ${size[1]}px !important; min-width: 0 !important;
      max-width: none !important; display: block; margin: 0 !important; position: static`;
    dialog.showModal();
    if (shown.localName === "svg") formulas(shown).forEach(outline => outline.classList.add("gallery-text"));
    return {
      ground: rgb(colour).slice(0, 3),
      texts: shown.localName === "svg" ? [...shown.querySelectorAll("text")].flatMap(text => read(text, dialog)) : [],
      leave: () => {
        shown.style.cssText = old;
        if (box !== null) shown.setAttribute("viewBox", box);
        if (shown === picture) dialog.parentElement.insertBefore(picture, dialog);
        dialog.remove();
      },
    };
  }

  // The outlines of formulas, which are text as well: each stands before the words that are found in its place.
  function formulas(drawing) {
    return [...drawing.querySelectorAll('text[fill-opacity="0"]')].flatMap(words => {
      const outline = words.previousElementSibling;
      if (outline?.localName !== "path" || outline.getAttribute("fill") !== words.getAttribute("fill")) return [];
      const [one, other] = [outline, words].map(each => each.getBoundingClientRect());
      return !outline.hasAttribute("stroke") && one.left < other.right && other.left < one.right ? [outline] : [];
    });
  }

  function read(text, dialog) {
    const count = text.getNumberOfChars();
    if (!count || !text.textContent.trim()) return [];
    const inner = [...text.querySelectorAll("tspan")].find(each => each.textContent.trim()) ?? text;
    const [box, matrix] = [text.getBoundingClientRect(), text.getScreenCTM()];
    const edge = dialog.getBoundingClientRect();
    const at = point => { const p = new DOMPoint(point.x, point.y).matrixTransform(matrix); return [p.x - edge.x, p.y - edge.y]; };
    return [{
      said: text.textContent,
      colour: rgb(getComputedStyle(inner).fill).slice(0, 3),
      hasEffects: text.getAttribute("fill-opacity") === "0" && !text.previousElementSibling?.matches(".gallery-text"),
      start: at(text.getStartPositionOfChar(0)),
      end: at(text.getEndPositionOfChar(count - 1)),
      origin: at({ x: 0, y: 0 }),
      box: [box.x - edge.x, box.y - edge.y, box.right - edge.x, box.bottom - edge.y],
      pixels: parseFloat(getComputedStyle(inner).fontSize) * Math.hypot(matrix.a, matrix.b),
    }];
  }

  let left = null;
  return {
    figures,
    stage(number, isOpened) { left?.(); const { leave, ...told } = stage(number, isOpened); left = leave; return told; },
    hideText(isHidden) { document.documentElement.classList.toggle("gallery-no-text", isHidden); },
    colours(selector, names) {
      const host = document.querySelector(selector) ?? document.body;
      const found = names.map(name => {
        const spot = document.createElement("span");
        spot.style.color = `var(${name})`;
        host.append(spot);
        const colour = rgb(getComputedStyle(spot).color).slice(0, 3);
        spot.remove();
        return [name, "#" + colour.map(part => part.toString(16).padStart(2, "0")).join("")];
      });
      return Object.fromEntries(found);
    },
  };
})();
