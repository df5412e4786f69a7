/**
 * The language browser, backend and runner speak: schemas, types, error codes, frames, the fold.
 *
 * Owns: every name and shape on the wire. Promises: fields, codes and kinds are only ever added within a version.
 * Never: does anything. It imports its schema library alone and runs in any JavaScript engine.
 */
export * from './accounts.ts'
export * from './admin.ts'
export * from './agents.ts'
export * from './blobs.ts'
export * from './catalog.ts'
export * from './config.ts'
export * from './define.ts'
export * from './describe.ts'
export * from './envelope.ts'
export * from './describe.ts'
export * from './errors.ts'
export * from './files.ts'
export * from './fold/index.ts'
export * from './frames.ts'
export * from './ids.ts'
export * from './items.ts'
export * from './limits.ts'
export * from './lists.ts'
export * from './models.ts'
export * from './random-id.ts'
export * from './sessions.ts'
export * from './system.ts'
export * from './terminals.ts'
export * from './workspaces.ts'
