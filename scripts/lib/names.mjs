/** A type declared at the top of a module: one in the middle of a line or indented is local and matters to nobody. */
const DECLARATION = /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class) (?<name>[A-Z]\w*)/gm

/** Where the types of the wire are at home. */
const HOME = 'protocol/'

/**
 * Finds types that have the name of one the protocol exports: such a type would be a copy, and copies drift. Other names
 * may stand on several sides, which cannot import each other.
 *
 * @param {{ path: string, source: string }[]} files
 * @returns {string[]} what is wrong, a sentence each
 */
export function findSecondHomes(files) {
  const atHome = files.filter(({ path }) => path.startsWith(HOME))
  const elsewhere = files.filter(({ path }) => !path.startsWith(HOME))
  const wire = new Set(atHome.flatMap(({ source }) => declaredTypes(source, /^export /u)))
  return elsewhere.flatMap(({ path, source }) =>
    declaredTypes(source)
      .filter((name) => wire.has(name))
      .map((name) => `${name} in ${path} has the name of a type of the protocol.`),
  )
}

/**
 * @param {string} source
 * @param {RegExp} [kind] what the declaration must match, such as being exported
 * @returns {string[]} the names of the types that a module declares
 */
function declaredTypes(source, kind = /^/u) {
  return [...source.matchAll(DECLARATION)].flatMap(({ 0: text, groups }) =>
    kind.test(text) ? [groups?.['name'] ?? ''] : [],
  )
}
