import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'

/**
 * Runs one of these scripts while holding the lock of the checkout, after waiting for whoever holds it now. The lock
 * is the kernel's (flock), so it ends with its holder however that ends, and none is ever left behind.
 *
 * @param {string} script path relative to the checkout
 * @param {readonly string[]} args
 * @returns {number} the script's exit code
 */
export function runLocked(script, args) {
  mkdirSync(path.join(root, '.octo'), { recursive: true })
  const lock = path.join(root, '.octo/setup.lock')
  const program = [path.join(root, script), ...args]
  const busy = spawnSync('flock', ['-n', lock, 'true'])
  // Without flock this is no Linux and so somebody's own development machine: go on unguarded.
  if (busy.error) return spawnSync(process.execPath, program, { stdio: 'inherit' }).status ?? 1
  if (busy.status !== 0) process.stderr.write('Another setup.sh is preparing this checkout; waiting for it…\n')
  return spawnSync('flock', [lock, process.execPath, ...program], { stdio: 'inherit' }).status ?? 1
}
