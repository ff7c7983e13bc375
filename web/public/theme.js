// Sets the colour scheme before the first paint, so that the page never flashes in the wrong one.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("cistern.theme");
  } catch {
    // Storage is switched off: the system's choice is used.
  }
  const dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
