import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { compressFolder } from './compress.mjs'
import { hashFiles, isBuilt, listFiles } from './files.mjs'
import { mustRun, root, run } from './run.mjs'
import { Stop } from './stop.mjs'

/**
 * One piece of preparing a checkout. It is fresh while its result is there and its inputs are what they were when it
 * last succeeded.
 *
 * @typedef {object} Step
 * @property {string} name also the name of its stamp
 * @property {string} says printed when it has work to do
 * @property {string[]} inputs files and folders
 * @property {string} result a file that exists when it is done
 * @property {() => Promise<void>} work
 */

/** Changed together with the lockfile, never alone. */
const PNPM = 'pnpm@12.21.0'
const PACKAGES = ['protocol', 'runner', 'backend', 'frontend', 'tests']
const LOCKFILES = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']

/** @type {Step} */
const install = {
  name: 'install',
  says: 'Installing dependencies… (once, about 20 s)',
  inputs: [...LOCKFILES, ...PACKAGES.map((name) => `${name}/package.json`)],
  result: 'node_modules/.modules.yaml',
  async work() {
    await mustRun('Installing dependencies', {
      command: 'npx',
      args: ['--yes', '--prefer-offline', PNPM, 'install', '--frozen-lockfile'],
      env: {
        // Otherwise NODE_ENV=production leaves the compilers out.
        NODE_ENV: 'development',
        // Without a terminal, pnpm replaces the node_modules of another version only in CI.
        CI: 'true',
        // By default minutes pass before npm and pnpm say that there is no network.
        npm_config_fetch_retry_mintimeout: '1000',
        npm_config_fetch_retry_maxtimeout: '3000',
        pnpm_config_fetch_retry_mintimeout: '1000',
        pnpm_config_fetch_retry_maxtimeout: '3000',
      },
    })
    await requireNode()
  },
}

/** @type {Step} */
const server = {
  name: 'server',
  says: 'Building the server…',
  inputs: [...LOCKFILES, 'tsconfig.base.json', 'protocol', 'runner', 'backend'],
  result: 'backend/dist/cli/octo.js',
  async work() {
    await mustRun('Building the server', { command: 'tsc', args: ['-b', 'protocol', 'runner', 'backend'] })
  },
}

/** @type {Step} */
const frontend = {
  name: 'frontend',
  says: 'Building the web interface…',
  inputs: [...LOCKFILES, 'tsconfig.base.json', 'protocol', 'frontend'],
  result: 'frontend/dist/app/index.html',
  async work() {
    // Built beside the old one and swapped in whole, so that a running server never serves half a build.
    const next = path.join(root, 'frontend/dist/app.next')
    const current = path.join(root, 'frontend/dist/app')
    await mustRun('Building the web interface', {
      command: 'vite',
      args: ['build', 'frontend', '--outDir', next, '--emptyOutDir', '--logLevel', 'warn'],
      env: { NODE_ENV: 'production' },
    })
    await compressFolder(next, current)
    await rm(current, { recursive: true, force: true })
    await rename(next, current)
  },
}

/** In this order: each step uses the results of those before it. */
const steps = [install, server, frontend]

/**
 * @param {string} last the last step that is asked for
 * @returns {Step[]} the steps up to it that have work to do
 */
export function staleSteps(last) {
  const asked = steps.slice(0, steps.findIndex(({ name }) => name === last) + 1)
  return asked.filter((step) => !existsSync(path.join(root, step.result)) || readStamp(step) !== stamp(step))
}

/**
 * Does whatever there is to do. The caller holds the lock of the checkout.
 *
 * @param {string} last the last step that is asked for
 * @throws {Stop} one sentence that says why a step failed
 */
export async function prepare(last) {
  for (const step of staleSteps(last)) {
    process.stderr.write(`${step.says}\n`)
    const inputs = stamp(step)
    await step.work()
    mkdirSync(path.join(root, '.octo'), { recursive: true })
    writeFileSync(stampFile(step), inputs)
  }
}

/**
 * The dependencies bring the right Node for Linux on x64 and arm64; everywhere else the machine has to have it.
 *
 * @throws {Stop} if there is no fitting Node
 */
async function requireNode() {
  const { code, output } = await run('node', ['--version'])
  const major = Number(/^v(\d+)/.exec(output)?.[1] ?? 0)
  if (code === 0 && major >= 24) return
  throw new Stop(
    'octo brings its own Node only for Linux with glibc: install Node 24 or newer here, then run this again.',
  )
}

/** @param {Step} step */
function stamp(step) {
  const files = listFiles(root, step.inputs).filter(isBuilt)
  // The dependencies differ by platform, so a checkout shared between machines is prepared anew.
  return `${process.platform}-${process.arch} ${hashFiles(root, files)}`
}

/** @param {Step} step */
function stampFile(step) {
  return path.join(root, '.octo', `${step.name}.stamp`)
}

/** @param {Step} step */
function readStamp(step) {
  return existsSync(stampFile(step)) ? readFileSync(stampFile(step), 'utf8') : null
}
