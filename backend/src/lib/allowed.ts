/** The part of JSON Schema that schemas of ours come out as. */
export interface SettingSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, SettingSchema>>
  readonly additionalProperties?: SettingSchema | boolean
  readonly items?: SettingSchema
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
}

/** The schema of what stands at a path; `undefined` if nothing may stand there. */
export function schemaAt(schema: SettingSchema, path: readonly PropertyKey[]): SettingSchema | undefined {
  let at: SettingSchema | undefined = schema
  for (const key of path) {
    const rest: SettingSchema | boolean | undefined = at?.additionalProperties
    at = at?.properties?.[String(key)] ?? (typeof rest === 'object' ? rest : at?.items)
  }
  return at
}

/** Says what may be set, as the end of "must be …". */
export function describeSchema(schema: SettingSchema): string {
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

function describeRange({ minimum, maximum }: SettingSchema): string {
  if (minimum === undefined || maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) return ''
  return ` from ${minimum} to ${maximum}`
}
