import { z } from 'zod'
import { AgentName, Capabilities } from './agents.ts'
import { command, notification, query, room } from './define.ts'
import { BlobId, CommandId, Epoch, ItemId, QueuedId, SessionId, WorkspaceId } from './ids.ts'
import { Answer, FilePart, ImagePart, Item, ItemChange, TextPart, Usage } from './items.ts'
import { MAX_ATTACHMENTS, MAX_PATH_CHARS, MAX_PROMPT_CHARS } from './limits.ts'
import { listChanged, ListInput, listOutput } from './lists.ts'
import { ModelRef } from './models.ts'

const Seq = z.number().int().nonnegative()
const Offset = z.number().int().nonnegative()

export const SessionState = z.enum(['idle', 'working', 'waiting', 'stopping', 'interrupted', 'failed'])
export type SessionState = z.infer<typeof SessionState>

/** What a client sends as a prompt; references become parts on the runner. */
export const PromptInput = z.object({
  text: z.string().max(MAX_PROMPT_CHARS),
  attachments: z
    .array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('blob'), blob: BlobId, name: z.string().max(255).optional() }),
        z.object({ type: z.literal('file'), path: z.string().min(1).max(MAX_PATH_CHARS) }),
      ]),
    )
    .max(MAX_ATTACHMENTS)
    .optional(),
})
export type PromptInput = z.infer<typeof PromptInput>

/** A prompt that waits for the turn before it to end. It becomes an item when it is sent. */
export const QueuedPrompt = z.object({
  id: QueuedId,
  parts: z.array(z.discriminatedUnion('type', [TextPart, ImagePart, FilePart])),
  author: z.string(),
  command: CommandId.optional(),
  createdAt: z.number(),
})
export type QueuedPrompt = z.infer<typeof QueuedPrompt>

/** How full the model's context is. */
export const Context = z.object({ tokens: z.number().nonnegative(), window: z.number().positive() })

export const Session = z.object({
  id: SessionId,
  workspace: WorkspaceId,
  title: z.string(),
  agent: AgentName,
  state: SessionState,
  /** What it is doing, more exactly than the state: "starting", "thinking", "retrying", "compacting". */
  phase: z.string().optional(),
  model: ModelRef.extend({ name: z.string() }).optional(),
  effort: z.string().optional(),
  mode: z.string().optional(),
  usage: Usage,
  context: Context.optional(),
  capabilities: Capabilities,
  queue: z.array(QueuedPrompt),
  /** Requests that wait for an answer of a person. */
  waiting: z.number().int().nonnegative(),
  parent: SessionId.optional(),
  archived: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Session = z.infer<typeof Session>

/** What a list of sessions shows of each. */
export const SessionSummary = Session.pick({
  id: true,
  workspace: true,
  title: true,
  agent: true,
  state: true,
  waiting: true,
  archived: true,
  createdAt: true,
  updatedAt: true,
}).extend({ model: z.string().optional(), queued: z.number().int().nonnegative() })
export type SessionSummary = z.infer<typeof SessionSummary>

/** The text of a part that is growing, from memory, as of the answer. */
export const Tail = z.object({
  item: ItemId,
  part: z.number().int().nonnegative(),
  rev: z.number().int(),
  text: z.string(),
})
export type Tail = z.infer<typeof Tail>

const InSession = z.object({ session: SessionId })
const PartAt = InSession.extend({
  item: ItemId,
  part: z.number().int().nonnegative(),
  rev: z.number().int().nonnegative(),
  offset: Offset,
})

/** Where a prompt went: it began a turn, or it waits in the queue. */
const Delivered = z.discriminatedUnion('delivery', [
  z.object({ delivery: z.literal('sent'), item: ItemId }),
  z.object({ delivery: z.literal('queued'), queued: QueuedId }),
])

export const sessions = room('sessions', {
  side: 'runner',
  role: 'member',
  methods: {
    list: query({
      about: 'The sessions of this user; over a socket, also subscribes to their changes.',
      input: ListInput,
      output: listOutput(SessionSummary),
    }),
    open: query({
      about:
        'Opens a session for watching: what changed after `after`, or the newest `window` items. While `more` is true, call again with `after` set to the `seq` answered; the connection is subscribed by the last page.',
      input: InSession.extend({
        after: Seq.optional(),
        epoch: Epoch.optional(),
        window: z.number().int().min(1).max(1_000),
      }),
      output: z.object({
        session: Session,
        epoch: Epoch,
        /** The change up to which this answer brings the client. */
        seq: Seq,
        /** Forget what you hold of this session: the answer is its newest window. */
        reset: z.boolean(),
        items: z.array(ItemChange),
        more: z.boolean(),
        /** Whether there are items before the first of a newest window. */
        older: z.boolean(),
        tails: z.array(Tail),
      }),
    }),
    page: query({
      about: 'Walks back: the items before an index, newest first in meaning, answered in rising order.',
      input: InSession.extend({ before: z.number().int().nonnegative(), limit: z.number().int().min(1).max(1_000) }),
      output: z.object({ items: z.array(Item), older: z.boolean() }),
    }),
    read: query({
      about: 'The text of a part from an offset. Answers another `rev` and offset 0 if the text began again meanwhile.',
      input: PartAt,
      output: z.object({
        rev: z.number().int(),
        offset: Offset,
        text: z.string(),
        growing: z.boolean(),
        more: z.boolean(),
      }),
    }),
    close: query({ about: 'Ends watching a session.', input: InSession, output: z.object({}) }),
    commands: query({
      about: 'The slash commands the agent of this session offers.',
      input: InSession,
      output: z.object({
        commands: z.array(z.object({ name: z.string(), description: z.string(), source: z.string() })),
      }),
    }),
    search: query({
      about: 'Messages that contain the words, newest first.',
      input: z.object({ query: z.string().trim().min(1).max(200), limit: z.number().int().min(1).max(100) }),
      output: z.object({
        hits: z.array(
          z.object({
            session: SessionId,
            title: z.string(),
            item: ItemId,
            index: z.number().int(),
            excerpt: z.string(),
            createdAt: z.number(),
          }),
        ),
      }),
    }),
    create: command({
      about: 'Makes a session, and with `prompt` starts it. The agent itself starts with the first prompt.',
      input: z.object({
        workspace: WorkspaceId,
        agent: AgentName,
        title: z.string().trim().min(1).max(200).optional(),
        model: ModelRef.optional(),
        effort: z.string().max(40).optional(),
        mode: z.string().max(40).optional(),
        prompt: PromptInput.optional(),
      }),
      output: Session,
    }),
    prompt: command({
      about:
        'Sends a prompt. While a turn runs it is queued, and sent when the agent has confirmed the end of that turn.',
      input: InSession.extend({ prompt: PromptInput }),
      output: Delivered,
    }),
    steer: command({
      about: 'Gives the running turn a message. When no turn runs any more it is sent as a prompt.',
      input: InSession.extend({ prompt: PromptInput }),
      output: Delivered,
    }),
    stop: command({
      about: 'Stops the running turn: open requests are cancelled first. Queued prompts stay, and wait for the user.',
      input: InSession,
      output: z.object({}),
    }),
    resume: command({
      about: 'Goes on with the queue after a stop, or with an interrupted turn.',
      input: InSession,
      output: z.object({}),
    }),
    answer: command({
      about: 'Answers a request of the agent. The first answer counts; a later one gets `already_answered`.',
      input: InSession.extend({ item: ItemId, answer: Answer }),
      output: z.object({}),
    }),
    setModel: command({
      about: 'Switches the model, in a running session from its next request on.',
      input: InSession.extend({ model: ModelRef }),
      output: Session,
    }),
    setEffort: command({
      about: 'Sets how hard the model thinks.',
      input: InSession.extend({ effort: z.string().max(40) }),
      output: Session,
    }),
    setMode: command({
      about: 'Sets the permission mode.',
      input: InSession.extend({ mode: z.string().max(40) }),
      output: Session,
    }),
    compact: command({
      about: 'Summarises the history to make room in the context.',
      input: InSession.extend({ hint: z.string().max(10_000).optional() }),
      output: z.object({}),
    }),
    rename: command({
      about: 'Titles a session.',
      input: InSession.extend({ title: z.string().trim().min(1).max(200) }),
      output: Session,
    }),
    archive: command({
      about: 'Puts a session away, or back; an archived one has no running agent.',
      input: InSession.extend({ archived: z.boolean() }),
      output: Session,
    }),
    delete: command({
      about: 'Ends a session and deletes its history. Files in the workspace stay.',
      input: InSession,
      output: z.object({}),
    }),
    editQueued: command({
      about: 'Changes a queued prompt.',
      input: InSession.extend({ queued: QueuedId, prompt: PromptInput }),
      output: z.object({}),
    }),
    removeQueued: command({
      about: 'Takes a prompt out of the queue.',
      input: InSession.extend({ queued: QueuedId }),
      output: z.object({}),
    }),
    moveQueued: command({
      about: 'Moves a queued prompt to a place in the queue.',
      input: InSession.extend({ queued: QueuedId, to: z.number().int().nonnegative() }),
      output: z.object({}),
    }),
  },
  notifications: {
    changed: notification({
      about: 'What changed in an open session. Applies if `from` is the local seq; otherwise open again with `after`.',
      params: InSession.extend({
        from: Seq,
        seq: Seq,
        items: z.array(ItemChange),
        /** The properties that changed; `null` is one that is gone. */ patch: z.record(z.string(), z.unknown()),
      }),
    }),
    tail: notification({
      about: 'More text of a growing part. Applies if `rev` and `offset` both match; otherwise `sessions.read`.',
      params: PartAt.extend({ text: z.string() }),
    }),
    listChanged: notification({ about: 'Sessions came, went or changed.', params: listChanged(SessionSummary) }),
    reopen: notification({
      about:
        'This connection read too slowly: nothing more of the session comes until it is opened again with `after`.',
      params: InSession,
    }),
  },
})
