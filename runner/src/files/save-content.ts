import type { BigIntStats } from 'node:fs'
import { type FileHandle, rename } from 'node:fs/promises'
import { type FileStat, OctoError } from '@octo/protocol'
import type { Serial } from '../lib/serial.ts'
import type { Once } from '../wire/room.ts'
import { etagOf, namesEtag } from './etag.ts'
import { fileFault, isSystemError, named } from './faults.ts'
import { moveWithoutReplacing } from './install.ts'
import type { Partial, Partials } from './partials.ts'
import { isWritable, parentOf, type Root, Spot } from './place.ts'
import { statPath } from './stat-path.ts'
import type { Upload } from './upload.ts'

/** What must hold for a save: the file is the one it was made from, or there is none yet. */
export type Condition = { readonly kind: 'matches'; readonly etags: string } | { readonly kind: 'new' }

export interface Save {
  readonly workspace: string
  readonly path: string
  readonly condition: Condition
  readonly upload: Upload
  /** Whether the save carries a command id, which is then looked at before the condition. */
  readonly identified: boolean
  readonly once: Once
}

export interface SaveTools {
  readonly partials: Partials
  /** The look at the condition and the change of the name follow each other for all saves, so that no two both pass. */
  readonly installs: Serial
}

/**
 * Reads the condition from a request's headers.
 * @throws OctoError `bad_request` if there is none: nobody replaces a file without saying which
 */
export function parseCondition(headers: { get(name: string): string | null }): Condition {
  const etags = headers.get('if-match')
  const none = headers.get('if-none-match')
  if (etags !== null && none === null) return { kind: 'matches', etags }
  if (none?.trim() === '*' && etags === null) return { kind: 'new' }
  throw new OctoError(
    'bad_request',
    'A save needs either If-Match with the ETag it was made from, or If-None-Match: * for a new file.',
  )
}

/**
 * Replaces the content of a file, or makes a new one with the folders above it. The content is written beside its place,
 * synced, and moved there whole; whatever goes wrong before leaves everything as it was.
 *
 * Between the last look at the ETag and the change of the name lies a moment in which another program's change could be
 * lost: Linux has no way to ask for both at once. Saves through octo cannot come between.
 * @throws OctoError `stale_write` with the present `etag` (or null) as detail, `permission_denied`, `no_space`, `not_a_file`
 */
export async function saveContent(root: Root, save: Save, tools: SaveTools): Promise<FileStat> {
  let target: Target
  try {
    target = await Target.open(root, save)
  } catch (error) {
    if (!save.identified) throw error
    return answeredBefore(save, fileFault(error, save.path))
  }
  await using spot = target.spot
  if (!save.identified) await target.check()
  await using partial = await tools.partials.begin(spot.folder, target.mode)
  await partial.file.writeFile(save.upload.bytes())
  await target.keepOwner(partial.file)
  await partial.file.sync()
  return await save.once(asked(save, await save.upload.digest()), async () => {
    await tools.installs.run(() => target.install(partial))
    await spot.sync()
    return statPath(root, save.path)
  })
}

/** Where a save goes. */
class Target {
  readonly spot: Spot
  readonly #save: Save
  readonly #before: BigIntStats | null

  private constructor(spot: Spot, save: Save, before: BigIntStats | null) {
    this.spot = spot
    this.#save = save
    this.#before = before
  }

  static async open(root: Root, save: Save): Promise<Target> {
    if (save.condition.kind === 'new')
      return new Target(await Spot.open(root, save.path, { parents: true }), save, null)
    // Through a link that stays inside, what it leads to is saved, and the link stays a link.
    await using place = await root.open(save.path).catch((error: unknown) => {
      throw isSystemError(error, 'ENOENT') ? stale(save, null) : error
    })
    if (place.kind === 'folder') throw new OctoError('not_a_file', `${named(save.path)} is a folder.`)
    if (place.kind !== 'file')
      throw new OctoError('special_file', `${named(save.path)} is not a file that can be saved.`)
    if (!(await isWritable(place))) throw new OctoError('permission_denied', `${named(save.path)} is read-only.`)
    const spot = await Spot.open(root, place.realPath)
    // The way there may have changed since; then it is not that file any more.
    if (spot.folder.realPath === parentOf(place.realPath)) return new Target(spot, save, place.stats)
    await spot[Symbol.asyncDispose]()
    throw stale(save, null)
  }

  /** What the new file may be; an old one's mode is kept, the set-id bits only together with its owner. */
  get mode(): number {
    return this.#before === null ? 0o666 : Number(this.#before.mode) & 0o777
  }

  /** @throws OctoError `stale_write` if the condition does not hold now */
  async check(): Promise<void> {
    const { condition } = this.#save
    const now = await this.spot.look()
    const etag = now === null ? null : etagOf(now)
    const holds =
      condition.kind === 'new'
        ? now === null
        : now?.isFile() === true && etag !== null && namesEtag(condition.etags, etag)
    if (!holds) throw stale(this.#save, etag)
  }

  async keepOwner(file: FileHandle): Promise<void> {
    const before = this.#before
    if (before === null) return
    const mine = await file.stat({ bigint: true })
    // The mode of an open is narrowed by the umask, so it is set once more.
    await file.chmod(Number(before.mode) & 0o777)
    if (mine.uid === before.uid && mine.gid === before.gid) return
    try {
      await file.chown(Number(before.uid), Number(before.gid))
    } catch (error) {
      // Not ours to give away: the file becomes the user's own, as with most editors.
      if (!isSystemError(error, 'EPERM', 'EINVAL')) throw error
    }
  }

  async install(partial: Partial): Promise<void> {
    await this.check()
    const from = `${this.spot.folder.at}/${partial.name}`
    if (this.#save.condition.kind === 'matches') {
      await rename(from, this.spot.at)
      return
    }
    await moveWithoutReplacing(from, this.spot, false).catch(async (error: unknown) => {
      if (!(error instanceof OctoError) || error.code !== 'exists') throw error
      const now = await this.spot.look()
      throw stale(this.#save, now === null ? null : etagOf(now))
    })
  }
}

/**
 * What the same save answered when it was asked for before, under its id, and there still was a place for it. Only the whole
 * body tells whether it is the same.
 * @throws `error` if it is new
 */
async function answeredBefore(save: Save, error: unknown): Promise<FileStat> {
  return save.once<FileStat>(asked(save, await save.upload.digest()), async () => {
    throw error
  })
}

function asked({ workspace, path, condition }: Save, digest: string): unknown {
  return { workspace, path, condition, digest }
}

function stale(save: Save, etag: string | null): OctoError {
  const message =
    save.condition.kind === 'new'
      ? `${named(save.path)} is there already. Choose another name, or open it first.`
      : etag === null
        ? `${named(save.path)} has been deleted or moved since it was opened.`
        : `${named(save.path)} changed since it was opened.`
  return new OctoError('stale_write', message, { details: { etag } })
}
