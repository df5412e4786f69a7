import { z } from 'zod'
import { command, notification, query, room } from './define.ts'
import { Epoch, TrashId, WorkspaceId } from './ids.ts'
import { MAX_PATH_CHARS } from './limits.ts'

/**
 * A path inside a workspace: relative, separated by "/", without "." and ".." and empty parts. The empty string is the
 * workspace itself.
 */
export const FilePath = z
  .string()
  .max(MAX_PATH_CHARS)
  .refine((path) => !path.includes('\0'), 'must not contain NUL')
  .refine(
    (path) => path === '' || path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'must be relative to the workspace, without ".", ".." or empty parts',
  )

const InWorkspace = z.object({ workspace: WorkspaceId, path: FilePath })

export const EntryKind = z.enum(['file', 'folder', 'symlink', 'other'])
export type EntryKind = z.infer<typeof EntryKind>

export const Entry = z.object({ name: z.string(), kind: EntryKind })
export type Entry = z.infer<typeof Entry>

export const FileStat = z.object({
  path: z.string(),
  kind: EntryKind,
  /** For a symlink that stays inside the workspace: what it leads to. */
  target: EntryKind.optional(),
  bytes: z.number().int().nonnegative(),
  modifiedAt: z.number(),
  /** Changes with the content; also the ETag of the content route. */
  etag: z.string(),
  /** Media type by name and first bytes. */
  type: z.string(),
  /** Whether it looks like text in UTF-8. */
  text: z.boolean(),
  writable: z.boolean(),
})
export type FileStat = z.infer<typeof FileStat>

export const ContentQuery = z.object({ workspace: WorkspaceId, path: FilePath, download: z.literal('1').optional() })
export const ArchiveQuery = z.object({ workspace: WorkspaceId, path: FilePath })

export const files = room('files', {
  side: 'runner',
  role: 'member',
  methods: {
    list: query({
      about: 'The entries of a folder, folders first, then by name. In pages for very large folders.',
      input: InWorkspace.extend({ after: z.string().max(1_024).optional() }),
      output: z.object({
        entries: z.array(Entry),
        /** Pass as `after` for the next page. */ next: z.string().optional(),
      }),
    }),
    ignored: query({
      about: 'The names in a folder that git ignores.',
      input: InWorkspace,
      output: z.object({ names: z.array(z.string()) }),
    }),
    stat: query({ about: 'What a path is.', input: InWorkspace, output: FileStat }),
    find: query({
      about: 'Files whose path matches a query fuzzily, best first; ignored files are left out.',
      input: z.object({ workspace: WorkspaceId, query: z.string().max(200), limit: z.number().int().min(1).max(200) }),
      output: z.object({
        paths: z.array(z.string()),
        /** True when the workspace has more files than were looked at. */ truncated: z.boolean(),
      }),
    }),
    watch: query({
      about: 'Subscribes this connection to changes of names and contents in a workspace.',
      input: z.object({ workspace: WorkspaceId }),
      output: z.object({ epoch: Epoch, seq: z.number().int().nonnegative() }),
    }),
    unwatch: query({
      about: 'Ends that subscription.',
      input: z.object({ workspace: WorkspaceId }),
      output: z.object({}),
    }),
    create: command({
      about: 'Makes an empty file or a folder, with the folders above it.',
      input: InWorkspace.extend({ kind: z.enum(['file', 'folder']) }),
      output: FileStat,
    }),
    move: command({
      about: 'Renames or moves; refuses to replace anything.',
      input: z.object({ workspace: WorkspaceId, from: FilePath, to: FilePath }),
      output: FileStat,
    }),
    delete: command({
      about: 'Moves files or folders to the trash, from where `files.restore` brings them back.',
      input: z.object({ workspace: WorkspaceId, paths: z.array(FilePath).min(1).max(1_000) }),
      output: z.object({ trash: TrashId, deleted: z.number().int() }),
    }),
    restore: command({
      about: 'Brings back what one delete took away; names that are taken again are restored beside it.',
      input: z.object({ workspace: WorkspaceId, trash: TrashId }),
      output: z.object({ paths: z.array(z.string()) }),
    }),
  },
  notifications: {
    changed: notification({
      about: 'Paths that changed since `from`; `reset` means that anything may have changed.',
      params: z.object({
        workspace: WorkspaceId,
        epoch: Epoch,
        from: z.number().int().nonnegative(),
        seq: z.number().int().nonnegative(),
        paths: z.array(z.string()),
        /** Folders in which names came or went; for every other path only the content changed. */
        folders: z.array(z.string()),
        reset: z.boolean(),
      }),
    }),
  },
  routes: [
    {
      method: 'GET',
      path: '/api/files/content',
      about: 'The content of a file, with ETag, Range and If-None-Match.',
      side: 'runner',
      role: 'member',
      query: ContentQuery,
    },
    {
      method: 'PUT',
      path: '/api/files/content',
      about:
        'Replaces a file atomically: If-Match with its ETag, or If-None-Match: * for a new one and the folders above it. `stale_write` if that does not hold (any more).',
      side: 'runner',
      role: 'member',
      query: ContentQuery,
      output: FileStat,
    },
    {
      method: 'GET',
      path: '/api/files/archive',
      about: 'A folder as a zip archive.',
      side: 'runner',
      role: 'member',
      query: ArchiveQuery,
    },
  ],
})
