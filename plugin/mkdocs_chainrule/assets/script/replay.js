// A replay: an animation's frames, of which one is seen.
const replay = figure => {
  const frames = [...figure.querySelectorAll(".chainrule-frames > figure")];
  const player = new Player(frames.length, {
    show: i => frames.forEach((frame, at) => frame.classList.toggle("chainrule-now", at === i)),
    sentence: i => frames[i].querySelector("figcaption").textContent,
    label: WORDS.frame,
    pace: 200,
    element: figure.querySelector(".chainrule-player"),
  });
  player.to(frames.length - 1);
  return player;
};
