// Sets data-theme on <html> before the first paint. The same key and rule live in src/ui/theme.ts, which takes over
// once the application runs and follows later changes.
;(function () {
  var stored = null
  try {
    stored = localStorage.getItem('octo.theme')
  } catch {
    // A browser that blocks storage still gets the system's theme.
    stored = null
  }
  var dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  var bar = document.querySelector('meta[name="theme-color"]')
  if (bar && dark) bar.setAttribute('content', '#161618')
})()
