/** Changes to state, purely: the one place where what a runner announces becomes what a client shows. */
export * from './list.ts'
export { growingParts, type MissingText, replacePart } from './parts.ts'
export * from './session.ts'
