import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { OctoError } from '@octo/protocol'
import { errorCode } from '../lib/error-code.ts'

const KEY_BYTES = 32

export interface Keys {
  /** Signs the short-lived tokens. */
  readonly accessKey: Uint8Array
  /** A value that only this server can derive from another. */
  derive(purpose: 'refresh' | 'command', value: string): string
}

/**
 * Reads the server's key, which the first start makes. Everything is derived from this one, each purpose apart.
 * @throws OctoError `permission_denied` if others may read it, `unsupported` if it is no key of ours
 */
export function openKeys(path: string): Keys {
  const master = readKey(path) ?? makeKey(path)
  const purposeKey = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `octo ${purpose}`, KEY_BYTES))
  const derivation = { refresh: purposeKey('refresh'), command: purposeKey('command') }
  return {
    accessKey: purposeKey('access'),
    derive: (purpose, value) => createHmac('sha256', derivation[purpose]).update(value).digest('base64url'),
  }
}

function readKey(path: string): Buffer | null {
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw new OctoError('permission_denied', `Others may read the key ${path}: run chmod 600 on it.`)
    }
    const key = readFileSync(path)
    if (key.length === KEY_BYTES) return key
    throw new OctoError('unsupported', `${path} is no key of octo: restore it, or remove it, which ends every login.`)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

function makeKey(path: string): Buffer {
  const key = randomBytes(KEY_BYTES)
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, key)
  fsyncSync(file)
  closeSync(file)
  return key
}
