/** The part of the protocol that browsers run: everything but the schemas, so that no schema library is shipped. */
export * from './errors.ts'
export * from './fold/index.ts'
export * from './frames.ts'
export * from './limits.ts'
export * from './random-id.ts'
