import { type ConfigValue, listConfig, loadConfig } from '../config.ts'
import { homeAt, homePath } from '../lib/home.ts'

/** The environment of an agent may hold keys. */
const SECRET = /^agents\.[^.]+\.env\./u

/**
 * Prints the configuration in force, a value on each line.
 * @throws OctoError `bad_request` if the file is wrong
 */
export function showConfig(options: { readonly home?: string }): void {
  const home = homePath(options.home)
  const from = options.home === undefined ? (process.env['OCTO_HOME'] ? 'OCTO_HOME' : 'default') : '--home'
  const values = [{ key: 'home', value: home, from }, ...listConfig(loadConfig(homeAt(home).config))]
  const lines = values.map((value) => ({ setting: settingOf(value), from: value.from }))
  const width = Math.max(...lines.map(({ setting }) => setting.length))
  for (const { setting, from: source } of lines) process.stdout.write(`${setting.padEnd(width)}  # ${source}\n`)
}

function settingOf({ key, value }: ConfigValue): string {
  return `${key} = ${SECRET.test(key) ? '(hidden)' : JSON.stringify(value)}`
}
