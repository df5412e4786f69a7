import type { WorkspaceId } from '@octo/protocol'
import { perMux, toOctoError } from '../../mux/index.ts'
import type { Mux } from '../../mux/index.ts'
import { activateTab, guardTab, navigation, onNavigation, replaceTab, setTabDirty } from '../../shell/navigation.ts'
import { tabKey } from '../../shell/tabs.ts'
import { readBeginning, readText, saveText } from '../content-api.ts'
import type { FileAt } from '../content-api.ts'
import { fileWatch } from '../file-watch.ts'
import { isWithin } from '../paths.ts'
import { OpenDocument } from './document.ts'
import { takeOver, userDrafts } from './unsaved.ts'

/** Every file that is open in a tab; it goes when its tab is closed. */
export const openDocuments = perMux((mux) => new Documents(mux))

/** What the user says about unsaved text when a tab is closed. */
export type ClosingAnswer = 'save' | 'discard' | 'cancel'

interface Opened {
  readonly document: OpenDocument
  close(): void
}

interface Closing {
  readonly key: string
  readonly answer: (answer: ClosingAnswer) => void
}

class Documents {
  readonly #mux: Mux
  readonly #opened = new Map<string, Opened>()
  readonly #listeners = new Set<() => void>()
  /** The tab that waits for an answer before it closes. */
  #closing: Closing | null = null

  constructor(mux: Mux) {
    this.#mux = mux
    onNavigation(() => this.#closeUnused())
    window.addEventListener('pagehide', () => {
      for (const { document } of this.#opened.values()) void document.keepNow()
    })
    window.addEventListener('beforeunload', (event) => {
      // What is kept in this browser comes back by itself; only what is not asks.
      const lost = [...this.#opened.values()].some(({ document: { view } }) => view.phase === 'edited' && view.unkept)
      if (lost) event.preventDefault()
    })
  }

  /** The document of a file, opened if it is not yet. */
  open(workspace: WorkspaceId, path: string): OpenDocument {
    const key = tabKey({ kind: 'file', workspace, path })
    const known = this.#opened.get(key)
    if (known !== undefined) return known.document
    const opened = this.#open(workspace, path)
    this.#opened.set(key, opened)
    return opened.document
  }

  /**
   * Has tabs follow a file or folder that was renamed here, with what is not saved in them.
   * @param from its path before, `to` its path now
   */
  async moved(workspace: WorkspaceId, { from, to }: { readonly from: string; readonly to: string }): Promise<void> {
    for (const { key, target } of navigation().tabs) {
      if (target.kind !== 'file' || target.workspace !== workspace || !isWithin(target.path, from)) continue
      const path = to + target.path.slice(from.length)
      await this.#moveDraft(target, path)
      replaceTab(key, { kind: 'file', workspace, path })
    }
  }

  /** A new name changes the ETag, but not what unsaved text was made from. */
  async #moveDraft({ workspace, path: from }: FileAt, path: string): Promise<void> {
    const drafts = userDrafts()
    const document = this.#opened.get(tabKey({ kind: 'file', workspace, path: from }))?.document
    await document?.keepNow()
    const draft = await drafts.get(workspace, from)
    if (draft === null) return
    const overtaken = document?.view.phase === 'edited' && document.view.disk.kind === 'changed'
    const now = overtaken ? null : await this.#stat(workspace, path)
    await drafts.put({ ...draft, path, etag: now?.etag ?? draft.etag })
    await drafts.remove(workspace, from)
  }

  /** Whether the tab of this file waits for an answer before it closes. */
  isClosing(document: OpenDocument): boolean {
    return this.#closing?.key === keyOf(document)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  answerClosing(answer: ClosingAnswer): void {
    this.#closing?.answer(answer)
  }

  #open(workspace: WorkspaceId, path: string): Opened {
    const target = { kind: 'file', workspace, path } as const
    const document = new OpenDocument(
      { workspace, path },
      {
        stat: () => this.#stat(workspace, path),
        readBeginning: () => readBeginning({ workspace, path }),
        read: () => readText(workspace, path, new AbortController().signal),
        save: (text, condition) => saveText({ workspace, path }, text, condition),
        drafts: userDrafts(),
      },
    )
    const stops = [
      takeOver(keyOf(document)),
      fileWatch(this.#mux)(workspace).subscribe((change) => document.onChange(change)),
      document.subscribe(() => setTabDirty(target, document.dirty)),
      guardTab(target, () => this.#mayClose(document)),
    ]
    return {
      document,
      close: () => {
        for (const stop of stops) stop()
        document.close()
      },
    }
  }

  async #stat(workspace: WorkspaceId, path: string) {
    try {
      return await this.#mux.query('files.stat', { workspace, path })
    } catch (error) {
      const failure = toOctoError(error)
      if (failure.code === 'not_found' || failure.code === 'not_a_folder') return null
      throw failure
    }
  }

  /** Shows the tab and asks, if something in it is not saved. */
  async #mayClose(document: OpenDocument): Promise<boolean> {
    if (!document.dirty) return true
    this.#closing?.answer('cancel')
    const key = keyOf(document)
    activateTab(key)
    const asked = Promise.withResolvers<ClosingAnswer>()
    this.#show({ key, answer: asked.resolve })
    const answer = await asked.promise
    if (this.#closing?.key === key) this.#show(null)
    if (answer === 'save') return document.save()
    if (answer === 'discard') await document.discard()
    return answer === 'discard'
  }

  #closeUnused(): void {
    const tabs = new Set(navigation().tabs.map(({ key }) => key))
    for (const [key, opened] of this.#opened) {
      if (tabs.has(key)) continue
      this.#opened.delete(key)
      opened.close()
    }
  }

  #show(closing: Closing | null): void {
    this.#closing = closing
    for (const listener of this.#listeners) listener()
  }
}

function keyOf({ workspace, path }: OpenDocument): string {
  return tabKey({ kind: 'file', workspace, path })
}
