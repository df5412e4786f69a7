import { z } from 'zod'
import { command, notification, query, room } from './define.ts'
import { WorkspaceId } from './ids.ts'
import { MAX_PATH_CHARS } from './limits.ts'
import { listChanged, ListInput, listOutput } from './lists.ts'

/** A folder on the runner's machine that sessions, terminals and files belong to. */
export const Workspace = z.object({
  id: WorkspaceId,
  name: z.string(),
  /** The real absolute path. */
  path: z.string(),
  /** False when the folder is not there any more; what ran in it has ended. */
  present: z.boolean(),
  /** Whether it lies in a git repository. */
  git: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Workspace = z.infer<typeof Workspace>

export const FolderPath = z.string().min(1).max(MAX_PATH_CHARS)
export const WorkspaceName = z.string().trim().min(1).max(100)

export const workspaces = room('workspaces', {
  side: 'runner',
  role: 'member',
  methods: {
    list: query({
      about: 'The workspaces of this user; over a socket, also subscribes to their changes.',
      input: ListInput,
      output: listOutput(Workspace),
    }),
    browse: query({
      about: 'The folders inside a folder of the machine, for choosing one. Without a path: the home folder.',
      input: z.object({ path: FolderPath.optional(), hidden: z.boolean().optional() }),
      output: z.object({
        path: z.string(),
        home: z.string(),
        parent: z.string().nullable(),
        folders: z.array(z.object({ name: z.string(), git: z.boolean() })),
        /** True when there are more folders than an answer holds. */
        truncated: z.boolean(),
      }),
    }),
    add: command({
      about:
        'Makes a folder a workspace; `create` makes the folder first. A folder that is one already is returned as it is.',
      input: z.object({ path: FolderPath, name: WorkspaceName.optional(), create: z.boolean().optional() }),
      output: Workspace,
    }),
    rename: command({
      about: 'Gives a workspace another display name; the folder keeps its own.',
      input: z.object({ workspace: WorkspaceId, name: WorkspaceName }),
      output: Workspace,
    }),
    remove: command({
      about: 'Forgets a workspace: ends its sessions and terminals and deletes their history. The folder stays.',
      input: z.object({ workspace: WorkspaceId }),
      output: z.object({}),
    }),
  },
  notifications: {
    changed: notification({ about: 'Workspaces came, went or changed.', params: listChanged(Workspace) }),
  },
})
