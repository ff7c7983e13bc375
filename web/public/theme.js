// Sets colour scheme and density before the first paint, so that the page never flashes in the wrong ones.
(() => {
  let choice = null;
  let density = null;
  try {
    choice = localStorage.getItem("cistern.theme");
    density = localStorage.getItem("cistern.density");
  } catch {
    // Storage is switched off: the system's choice is used.
  }
  const dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  document.documentElement.setAttribute("data-density", density === "compact" ? "compact" : "comfortable");
})();
