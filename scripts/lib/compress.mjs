import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

/** What shrinks and is fetched by browsers; source maps are read by developers only. */
const COMPRESSIBLE = /\.(js|css|html|svg|wasm|json|webmanifest|ttf)$/

/** A smaller file fills one packet anyway. */
const MIN_BYTES = 1024

const brotli = promisify(brotliCompress)
const OPTIONS = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }

/**
 * Writes a .br beside every file worth it, so that the server compresses nothing while it serves.
 *
 * @param {string} folder the new build
 * @param {string} previous the build before it; what did not change since is copied, which saves most of the time
 */
export async function compressFolder(folder, previous) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => COMPRESSIBLE.test(name))
  await Promise.all(names.map((name) => compressFile(path.join(folder, name), path.join(previous, name))))
}

/**
 * @param {string} file
 * @param {string} previous where the same file may be, compressed before
 */
async function compressFile(file, previous) {
  const content = await readFile(file)
  if (content.length < MIN_BYTES) return
  const [known, compressed] = await Promise.all([previous, `${previous}.br`].map(readIfPresent))
  const unchanged = compressed && known?.equals(content)
  await writeFile(`${file}.br`, unchanged ? compressed : await brotli(content, OPTIONS))
}

/**
 * @param {string} file
 * @returns {Promise<Buffer | null>} null if there is no such file
 */
async function readIfPresent(file) {
  try {
    return await readFile(file)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null
    throw error
  }
}
