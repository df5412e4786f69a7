import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** Folders that hold nothing written by hand, wherever they are. */
const GENERATED = new Set(['node_modules', 'dist'])

/**
 * Lists the files below some paths of the checkout, leaving out hidden ones, dependencies and build results.
 *
 * @param {string} root
 * @param {readonly string[]} paths files or folders, relative to root
 * @returns {string[]} sorted paths, relative to root
 */
export function listFiles(root, paths) {
  /** @type {string[]} */
  const files = []
  /** @param {string} relative */
  const visit = (relative) => {
    if (statSync(path.join(root, relative)).isFile()) {
      files.push(relative)
      return
    }
    for (const entry of readdirSync(path.join(root, relative), { withFileTypes: true })) {
      if (!entry.name.startsWith('.') && !GENERATED.has(entry.name)) visit(path.join(relative, entry.name))
    }
  }
  for (const start of paths) visit(start)
  files.sort()
  return files
}

/**
 * One value for the names and contents of files. Contents rather than times, so that a fresh clone, a copy or a
 * branch switched there and back needs no build.
 *
 * @param {string} root
 * @param {readonly string[]} files relative to root
 * @returns {string}
 */
export function hashFiles(root, files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const content = readFileSync(path.join(root, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * Whether a file takes part in a build: tests and their fixtures do not.
 *
 * @param {string} file
 * @returns {boolean}
 */
export function isBuilt(file) {
  return !/\.test(-support)?\.tsx?$|(^|\/)testing\//.test(file)
}
