import { readFileSync } from 'node:fs'
import { Config, OctoError } from '@octo/protocol'
import { parse as parseToml, TomlError } from 'smol-toml'
import { z } from 'zod'
import { describeSchema, type SettingSchema, schemaAt } from './lib/allowed.ts'
import { errorCode } from './lib/error-code.ts'
import { lineOf } from './lib/toml-lines.ts'

/** The configuration as the file and the defaults have it. */
export interface LoadedConfig {
  readonly config: Config
  readonly path: string
  /** `null` if there is no file, which is fine. */
  readonly text: string | null
}

/** One value in force, and where it comes from. */
export interface ConfigValue {
  readonly key: string
  readonly value: unknown
  readonly from: string
}

type Issue = z.core.$ZodIssue

/**
 * Reads `config.toml`; what it leaves out has its default.
 * @throws OctoError `bad_request` that names the key that is wrong, its line, and what is allowed there
 */
export function loadConfig(path: string): LoadedConfig {
  const text = readText(path)
  const parsed = Config.safeParse(text === null ? {} : parseText(text, path))
  if (parsed.success) return { config: parsed.data, path, text }
  const [issue] = parsed.error.issues
  throw new OctoError(
    'bad_request',
    issue === undefined ? parsed.error.message : faultOf(issue, { path, text: text ?? '' }),
  )
}

/** Lists every value in force and says where it comes from. */
export function listConfig({ config, path, text }: LoadedConfig): ConfigValue[] {
  return leaves(config, []).map(({ path: key, value }) => {
    const at = text === null ? null : lineOf(text, key)
    return { key: key.join('.'), value, from: at?.isSet === true ? `${path}:${at.line}` : 'default' }
  })
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // Below what is no folder there is no file either; whoever needs the folder says so.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
    throw new OctoError('permission_denied', `${path} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, {
      cause: error,
    })
  }
}

function parseText(text: string, path: string): unknown {
  try {
    return parseToml(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [what = 'it cannot be read'] = error.message.split('\n')
    throw new OctoError('bad_request', `${path} line ${error.line}: ${what.replace('Invalid TOML document: ', '')}.`, {
      cause: error,
    })
  }
}

function faultOf(issue: Issue, { path, text }: { path: string; text: string }): string {
  const schema = z.toJSONSchema(Config, { io: 'input' }) as SettingSchema
  const at = (key: readonly PropertyKey[]): string => {
    const found = lineOf(text, key)
    return found === null ? path : `${path} line ${found.line}`
  }
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0] ?? '']
    const allowed = Object.keys(schemaAt(schema, issue.path)?.properties ?? {}).join(', ')
    return `${at(key)}: there is no "${key.join('.')}"; allowed here: ${allowed}.`
  }
  const allowed = schemaAt(schema, issue.path)
  const what = allowed === undefined ? '' : ` It must be ${describeSchema(allowed)}.`
  return `${at(issue.path)}: "${issue.path.join('.')}" is wrong: ${issue.message.replace('Invalid input: ', '')}.${what}`
}

function leaves(value: unknown, path: readonly string[]): { path: readonly string[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}
