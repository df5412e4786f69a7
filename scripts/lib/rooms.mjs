/**
 * @typedef {object} RoomPlan
 * @property {Record<string, string[]>} rooms the sides that take part in each room, beside the protocol
 * @property {Record<string, string[]>} plumbing what else stands at the top of each package
 */

/**
 * @typedef {object} Tree what is there
 * @property {string[]} protocol files and folders of protocol/src, without extension
 * @property {Record<string, { name: string, hasDoor: boolean }[]>} sides folders by side, and whether they have an index
 */

/**
 * Compares the rooms as planned with the folders as they are: the same room has the same name on every side.
 *
 * @param {RoomPlan} plan
 * @param {Tree} tree
 * @returns {string[]} what is wrong, a sentence each
 */
export function compareRooms({ rooms, plumbing }, tree) {
  const problems = []
  for (const name of tree.protocol) {
    if (!rooms[name] && !plumbing['protocol']?.includes(name)) problems.push(`protocol/src/${name}.ts is not listed.`)
  }
  for (const [room, sides] of Object.entries(rooms)) {
    if (!tree.protocol.includes(room)) problems.push(`Room "${room}" has no protocol/src/${room}.ts.`)
    for (const side of sides) {
      const folder = tree.sides[side]?.find(({ name }) => name === room)
      if (!folder) problems.push(`Room "${room}" has no folder ${side}/src/${room}.`)
      else if (!folder.hasDoor) problems.push(`${side}/src/${room} has no index.ts to enter it by.`)
    }
  }
  for (const [side, folders] of Object.entries(tree.sides)) {
    for (const { name } of folders) {
      if (!rooms[name]?.includes(side) && !plumbing[side]?.includes(name)) {
        problems.push(`${side}/src/${name} is no room that the ${side} takes part in, nor plumbing.`)
      }
    }
  }
  return problems
}
