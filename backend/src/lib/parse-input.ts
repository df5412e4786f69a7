import { issueText, OctoError } from '@octo/protocol'
import type { z } from 'zod'

/**
 * Parses what came from outside.
 * @throws OctoError `bad_request` that says where and what is wrong
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new OctoError('bad_request', issueText(parsed.error))
}
