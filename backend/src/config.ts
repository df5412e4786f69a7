import { existsSync, readFileSync } from 'node:fs'
import { Config, issueText, OctoError } from '@octo/protocol'
import { parse, TomlError } from 'smol-toml'
import type { z } from 'zod'

/**
 * Reads `config.toml`; a file that is not there means the defaults.
 * @throws OctoError `bad_request` that names file, line and key: no TOML, an unknown key, a value of the wrong kind
 */
export function readConfig(path: string): Config {
  if (!existsSync(path)) return Config.parse({})
  const text = readText(path)
  const parsed = Config.safeParse(parseToml(text, path))
  if (parsed.success) return parsed.data
  throw new OctoError('bad_request', describeFault(parsed.error, text, path))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new OctoError('permission_denied', `${path} cannot be read. Mend its permissions.`, { cause: error })
  }
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const what = error.message.split('\n', 1)[0] ?? 'not TOML'
    throw new OctoError('bad_request', `${path}:${error.line}: ${what}`, { cause: error })
  }
}

function describeFault(error: z.ZodError, text: string, path: string): string {
  const [issue] = error.issues
  if (issue === undefined) return `${path} is not valid.`
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const key = [...issue.path, ...(unknown === undefined ? [] : [unknown])].map(String)
  const line = lineOf(text, key)
  const place = line === null ? path : `${path}:${line}`
  if (unknown !== undefined) return `${place}: the key "${key.join('.')}" is unknown. Remove it, or correct its name.`
  return `${place}: ${issueText(error)}`
}

/** Finds the line where a key of a TOML file stands: its table's header, or its assignment inside that table. */
export function lineOf(text: string, key: readonly string[]): number | null {
  let table: string[] = []
  let nearest: number | null = null
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    const header = /^\[\[?\s*([^\]]+?)\s*\]\]?/u.exec(line)?.[1]
    const assigned = header === undefined ? /^([^#=]+?)\s*=/u.exec(line)?.[1] : undefined
    if (header !== undefined) table = parts(header)
    const here = assigned === undefined ? table : [...table, ...parts(assigned)]
    if (header === undefined && assigned === undefined) continue
    if (here.join('\0') === key.join('\0')) return at + 1
    if (here.length > 0 && here.every((part, index) => part === key[index])) nearest = at + 1
  }
  return nearest
}

function parts(dotted: string): string[] {
  return dotted.split('.').map((part) => part.trim().replace(/^["']|["']$/gu, ''))
}
