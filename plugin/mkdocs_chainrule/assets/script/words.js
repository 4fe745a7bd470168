// What the page says, from the one table of words (`words.json`).
const said = (name, gaps = {}) => WORDS[name].replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
