/** The part of JSON Schema that schemas of ours come out as. */
export interface JsonSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
}

/** The schema of what stands at a path; `undefined` if nothing may stand there. */
export function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined {
  let at: JsonSchema | undefined = schema
  for (const key of path) {
    const rest: JsonSchema | boolean | undefined = at?.additionalProperties
    at = at?.properties?.[String(key)] ?? (typeof rest === 'object' ? rest : at?.items)
  }
  return at
}

/** Says what may be set, as the end of "must be …". */
export function describeSchema(schema: JsonSchema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`
  switch (schema.type) {
    case 'integer':
    case 'number':
      return `a whole number${describeRange(schema)}`
    case 'string':
      return 'a text in quotes'
    case 'boolean':
      return 'true or false'
    case 'array':
      return `a list, each ${describeSchema(schema.items ?? {})}`
    case 'object':
      return schema.properties === undefined ? 'a table' : `a table with ${Object.keys(schema.properties).join(', ')}`
    case undefined:
    default:
      return 'another value'
  }
}

function describeRange({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined || maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) return ''
  return ` from ${minimum} to ${maximum}`
}
