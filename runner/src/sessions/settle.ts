import { growingParts, type Item, type Outcome, replacePart } from '@octo/protocol'

/** How something ended that did not come to its own end. */
export interface Cut {
  readonly outcome: Outcome
  readonly now: number
}

/** The last form of an item that was cut off: nothing in it grows, runs or waits any more. */
export function settleItem(item: Item, { outcome, now }: Cut): Item {
  const still = withoutGrowth(item)
  switch (still.kind) {
    case 'turn':
      return still.outcome === undefined ? { ...still, outcome, endedAt: now } : still
    case 'assistant':
      return still.stop === undefined ? { ...still, stop: outcome.type === 'stopped' ? 'stopped' : 'error' } : still
    case 'tool':
      return still.status === 'pending' || still.status === 'running'
        ? { ...still, status: 'cancelled', endedAt: now }
        : still
    case 'request':
      return still.state === 'open' ? { ...still, state: 'withdrawn' } : still
    case 'task':
      return still.state === 'running' ? { ...still, state: 'stopped', endedAt: now } : still
    case 'notice': {
      if (still.running !== true) return still
      const { running: _, ...ended } = still
      return { ...ended, endedAt: now }
    }
    case 'user':
    case 'plan':
      return still
  }
}

function withoutGrowth(item: Item): Item {
  return growingParts(item).reduce((form: Item, part, at) => {
    if (part?.growing !== true) return form
    const { growing: _, ...settled } = part
    return replacePart(form, at, settled)
  }, item)
}
