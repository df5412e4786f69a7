/** A type declared at the top of a module: one in the middle of a line or indented is local and matters to nobody. */
const DECLARATION = /^(?<exported>export )?(?:declare )?(?:abstract )?(?:interface|type|class) (?<name>[A-Z]\w*)/gm

/**
 * @param {string} source
 * @returns {{ name: string, exported: boolean }[]} the types that a module declares
 */
function declaredTypes(source) {
  return [...source.matchAll(DECLARATION)].map(({ groups }) => ({
    name: groups?.['name'] ?? '',
    exported: groups?.['exported'] !== undefined,
  }))
}

/**
 * Finds exported types with a second home. A name of the protocol may not even be used privately elsewhere: it would
 * be a copy of a wire type, and copies drift.
 *
 * @param {{ path: string, source: string }[]} files
 * @returns {string[]} what is wrong, a sentence each
 */
export function findSecondHomes(files) {
  /** @type {Map<string, string[]>} */
  const homes = new Map()
  /** @type {{ name: string, path: string }[]} */
  const privateTypes = []
  for (const { path, source } of files) {
    for (const { name, exported } of declaredTypes(source)) {
      if (exported) homes.set(name, [...new Set([...(homes.get(name) ?? []), path])])
      else privateTypes.push({ name, path })
    }
  }
  const doubles = [...homes].filter(([, paths]) => paths.length > 1)
  const copies = privateTypes.filter(({ name }) => homes.get(name)?.some((home) => home.startsWith('protocol/')))
  return [
    ...doubles.map(([name, paths]) => `${name} is exported by ${paths.join(' and ')}.`),
    ...copies.map(({ name, path }) => `${name} in ${path} has the name of a type of the protocol.`),
  ]
}
