import { z } from 'zod'
import { Epoch } from './ids.ts'

/**
 * A live list is the same primitive everywhere: `ROOM.list` answers what changed after a sequence number, and
 * `ROOM.changed` (or a name beside it) brings what changes from then on. Calling it over the WebSocket subscribes that
 * connection.
 */
export const ListInput = z.object({
  after: z.number().int().nonnegative().optional(),
  epoch: Epoch.optional(),
})

/** An entry that is gone: it stays in the list's history so that absent clients learn of it. */
export const RemovedEntry = z.object({ id: z.string(), removed: z.literal(true) })
export type RemovedEntry = z.infer<typeof RemovedEntry>

/** `reset` means: forget the list you hold, these are all entries there are. */
export function listOutput<Entry extends z.ZodType>(entry: Entry) {
  return z.object({
    epoch: Epoch,
    seq: z.number().int().nonnegative(),
    reset: z.boolean(),
    items: z.array(z.union([entry, RemovedEntry])),
  })
}

/** Applies if `from` equals the list's local seq; otherwise the client lists again with `after`. */
export function listChanged<Entry extends z.ZodType>(entry: Entry) {
  return z.object({
    from: z.number().int().nonnegative(),
    seq: z.number().int().nonnegative(),
    items: z.array(z.union([entry, RemovedEntry])),
  })
}
