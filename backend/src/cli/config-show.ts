import { existsSync, readFileSync } from 'node:fs'
import { lineOf, readConfig } from '../config.ts'
import { homeAt, homePath } from '../lib/home.ts'

/** Prints each value in force, and the line of the file it comes from. */
export function showConfig(options: { readonly home?: string }): void {
  const { config: path } = homeAt(homePath(options.home))
  const config = readConfig(path)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  process.stdout.write(`# ${text === '' ? `${path} is not there: all of this is the default` : path}\n`)
  for (const [key, value] of flatten(config, [])) {
    const line = text === '' ? null : exactLine(text, key)
    process.stdout.write(
      `${key.join('.')} = ${JSON.stringify(value)}  # ${line === null ? 'default' : `line ${line}`}\n`,
    )
  }
}

/** The line that sets exactly this key, and not merely its table. */
function exactLine(text: string, key: readonly string[]): number | null {
  const line = lineOf(text, key)
  return line !== null && line !== lineOf(text, key.slice(0, -1)) ? line : null
}

function flatten(value: unknown, key: readonly string[]): [readonly string[], unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value]]
  return Object.entries(value).flatMap(([name, inner]) => flatten(inner, [...key, name]))
}
