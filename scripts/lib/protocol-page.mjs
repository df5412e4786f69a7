/**
 * @typedef {import('../../protocol/src/describe.ts').ProtocolDescription} ProtocolDescription
 * @typedef {Record<string, any>} Schema a JSON Schema as zod writes it
 */

/** Wider than this, an object is written with a line for each of its members. */
const LINE_CHARS = 100

/**
 * Writes the reference page: every method, notification and route by room, then the types they mention.
 *
 * @param {ProtocolDescription} protocol
 * @returns {string} Markdown
 */
export function writeProtocolPage(protocol) {
  const rooms = [...new Set(protocol.methods.map((method) => roomOf(method.name)).concat('blobs'))]
  return [
    '# Protocol reference',
    '',
    'Written by `node scripts/protocol-docs.mjs` from [`protocol/src`](../protocol/src); how the parts work together is told in',
    `[protocol.md](protocol.md). This is version ${protocol.version}. The same as JSON Schema:`,
    '[`reference/protocol.json`](reference/protocol.json), and `GET /api/protocol`.',
    '',
    ...rooms.flatMap((room) => writeRoom(room, protocol)),
    '## Errors',
    '',
    '| Code | HTTP status | The same call may succeed later |',
    '|---|---|---|',
    ...protocol.errors.map(
      ({ code, status, retryable }) => `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} |`,
    ),
    '',
    '## Types',
    '',
    ...Object.entries(protocol.$defs).flatMap(([name, schema]) => [
      '```ts',
      `type ${name} = ${writeType(schema)}`,
      '```',
      '',
    ]),
  ].join('\n')
}

/**
 * @param {string} room
 * @param {ProtocolDescription} protocol
 */
function writeRoom(room, protocol) {
  const methods = protocol.methods.filter((method) => roomOf(method.name) === room)
  const notifications = protocol.notifications.filter((notification) => roomOf(notification.name) === room)
  const routes = protocol.routes.filter((route) => routeRoom(route.path) === room)
  return [
    `## ${room}`,
    '',
    ...methods.flatMap(({ name, about, kind, side, role, input, output }) => [
      `### ${name}`,
      '',
      `A ${kind} for ${people(role)}, answered by the ${side}. ${about}`,
      '',
      '```ts',
      `input:  ${writeType(input)}`,
      `output: ${writeType(output)}`,
      '```',
      '',
    ]),
    ...notifications.flatMap(({ name, about, params }) => [
      `### ${name}`,
      '',
      `A notification. ${about}`,
      '',
      '```ts',
      `params: ${writeType(params)}`,
      '```',
      '',
    ]),
    ...routes.flatMap((route) => [
      `### ${route.method} ${route.path}`,
      '',
      `A route for ${people(route.role)}, answered by the ${route.side}. ${route.about}`,
      '',
      ...routeTypes(route),
    ]),
  ]
}

/** @param {ProtocolDescription['routes'][number]} route */
function routeTypes({ query, input, output }) {
  const types = Object.entries({ query, input, output }).filter(([, schema]) => schema !== undefined)
  if (types.length === 0) return []
  const lines = types.map(([name, schema]) => `${`${name}:`.padEnd(7)} ${writeType(/** @type {Schema} */ (schema))}`)
  return ['```ts', ...lines, '```', '']
}

/** @param {string} role */
function people(role) {
  return role === 'anyone' ? 'anyone' : `${role}s`
}

/** @param {string} name */
function roomOf(name) {
  return name.slice(0, name.indexOf('.'))
}

/** The routes of the system stand directly below `/api`. @param {string} path */
function routeRoom(path) {
  const [, , first = ''] = path.split('/')
  return ['accounts', 'files', 'blobs'].includes(first) ? first : 'system'
}

/**
 * Writes a schema as a TypeScript type, with what a type cannot say behind it as a comment.
 *
 * @param {Schema} schema
 * @param {string} [indent] of the line it begins on
 * @returns {string}
 */
function writeType(schema, indent = '') {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map((/** @type {Schema} */ choice) => writeType(choice, indent)).join(' | ')
  switch (schema.type) {
    case 'array':
      return `${bracketed(writeType(schema.items, indent))}[]`
    case 'object':
      return writeObject(schema, indent)
    case 'integer':
    case 'number':
      return `number${limits(schema)}`
    case 'string':
      return `string${schema.pattern ? ` /* ${schema.pattern} */` : limits(schema)}`
    case 'boolean':
    case 'null':
      return schema.type
    default:
      return 'unknown'
  }
}

/** @param {Schema} schema @param {string} indent */
function writeObject(schema, indent) {
  const required = new Set(schema.required)
  const properties = Object.entries(/** @type {Record<string, Schema>} */ (schema.properties ?? {}))
  if (properties.length === 0) {
    const values = schema.additionalProperties
    return values ? `Record<string, ${writeType(values, indent)}>` : '{}'
  }
  const inner = `${indent}  `
  /** @param {string} depth */
  const members = (depth) =>
    properties.map(([name, member]) => `${name}${required.has(name) ? '' : '?'}: ${writeType(member, depth)}`)
  const line = `{ ${members(indent).join(', ')} }`
  if (line.length <= LINE_CHARS && !line.includes('\n')) return line
  return `{\n${members(inner)
    .map((member) => `${inner}${member}\n`)
    .join('')}${indent}}`
}

/** @param {Schema} schema */
function limits({ type, minimum, maximum, minLength, maxLength }) {
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : (minimum ?? minLength)
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : (maximum ?? maxLength)
  const whole = type === 'integer' ? ['whole'] : []
  const range =
    most === undefined
      ? least === undefined
        ? []
        : [`from ${least}`]
      : [least === undefined ? `to ${most}` : `${least} to ${most}`]
  const said = [...whole, ...range]
  return said.length === 0 ? '' : ` /* ${said.join(', ')} */`
}

/** @param {string} type */
function bracketed(type) {
  return type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type
}
