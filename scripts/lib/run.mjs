import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { explainFailure, Stop } from './stop.mjs'

/** The checkout that these scripts belong to. */
export const root = path.resolve(fileURLToPath(import.meta.url), '../../..')

/** Enough to hold every line of a failing compiler run; a runaway program cannot fill the memory. */
const MAX_OUTPUT_CHARS = 1_000_000

/**
 * Runs a program in the checkout and collects what it prints. The programs of the dependencies come first in PATH,
 * and with them the Node that octo is built for.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] variables to add
 * @returns {Promise<{ code: number, output: string }>} exit code, and the end of stdout and stderr in order of arrival
 */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const searchPath = `${path.join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', PATH: searchPath, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    /** @param {string} text */
    const collect = (text) => {
      output = (output + text).slice(-MAX_OUTPUT_CHARS)
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/**
 * Runs a program that must succeed.
 *
 * @param {string} step what it does, as the start of a sentence
 * @param {{ command: string, args: readonly string[], env?: Record<string, string> }} program
 * @throws {Stop} one sentence, after the program's output where only that tells the cause
 */
export async function mustRun(step, { command, args, env }) {
  const { code, output } = await run(command, args, env)
  if (code === 0) return
  const sentence = explainFailure(step, output)
  if (sentence) throw new Stop(sentence)
  process.stderr.write(output)
  throw new Stop(`${step} failed with exit code ${code}: mend what is said above, then run this again.`)
}
