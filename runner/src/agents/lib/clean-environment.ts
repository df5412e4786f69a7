/** What a program needs to find its way, and nothing that might be a secret. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'SHELL', 'TZ', 'TMPDIR']

/**
 * The environment of an agent: the runner's own, reduced to {@link PASSED_ON}, and what is given here. A key that lies in
 * the runner's environment by chance is never passed on.
 */
export function cleanEnvironment(given: Readonly<Record<string, string>>): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { TERM: 'dumb', LANG: 'C.UTF-8', ...Object.fromEntries(passed), ...given }
}
