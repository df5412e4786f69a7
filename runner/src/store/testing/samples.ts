import {
  type AssistantItem,
  type Item,
  randomId,
  type Session,
  type SessionId,
  type ToolItem,
  type UserItem,
} from '@octo/protocol'
import type { SessionChange } from '../store.ts'

/** A session that nothing has happened in. */
export function sampleSession(id: SessionId = randomId('ses')): Session {
  return {
    id,
    workspace: randomId('wsp'),
    title: 'A session',
    agent: 'pi',
    state: 'idle',
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    capabilities: {
      steer: true,
      images: true,
      models: true,
      efforts: [],
      modes: [],
      compact: true,
      fork: false,
      commands: true,
      resume: true,
    },
    queue: [],
    waiting: 0,
    archived: false,
    createdAt: 1,
    updatedAt: 1,
  }
}

interface Place {
  readonly seq: number
  readonly index: number
}

export function userItem(text: string, place: Place): UserItem {
  return {
    id: randomId('itm'),
    ...place,
    createdAt: place.seq,
    kind: 'user',
    parts: [{ type: 'text', text, rev: 0 }],
    author: 'ada',
    delivery: 'prompt',
  }
}

export function assistantItem(text: string, place: Place): AssistantItem {
  return {
    id: randomId('itm'),
    ...place,
    createdAt: place.seq,
    kind: 'assistant',
    parts: [
      { type: 'thinking', text: 'a private thought', rev: 0 },
      { type: 'text', text, rev: 0 },
    ],
  }
}

export function growingItem(text: string, place: Place): AssistantItem {
  return { ...assistantItem('', place), parts: [{ type: 'text', text, rev: 0, growing: true }] }
}

export function toolItem(title: string, place: Place): ToolItem {
  return {
    id: randomId('itm'),
    ...place,
    createdAt: place.seq,
    kind: 'tool',
    call: 'call-1',
    name: 'bash',
    title,
    category: 'execute',
    input: {},
    status: 'done',
    output: [],
    touched: [],
  }
}

/** A change that brings items, which all carry its seq. */
export function change(session: Session, seq: number, items: readonly Item[] = []): SessionChange {
  return { session: session.id, seq, items, properties: { ...session, updatedAt: seq } }
}
