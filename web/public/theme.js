// Runs before the first paint, so that a chosen theme does not flash the other one.
{
  let theme = null
  try {
    theme = localStorage.getItem('soi-theme')
  } catch {
    // Storage is off: the system's theme stands.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}
