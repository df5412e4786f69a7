import type { Terminal, TerminalId } from '@octo/protocol'
import { randomId } from '@octo/protocol/client'
import type { ISearchOptions, SearchAddon } from '@xterm/addon-search'
import { settings } from '../lib/settings.ts'
import type { Settings } from '../lib/settings.ts'
import type { Mux } from '../mux/index.ts'
import { copyText, readToken, toast } from '../ui/index.ts'
import { Attachment } from './attachment.ts'
import type { AttachmentState, Size } from './attachment.ts'
import { keySequence, withCtrl } from './keys.ts'
import type { BarKey } from './keys.ts'
import { cleanPaste, needsConsent } from './paste.ts'
import type { PathInText } from './path-links.ts'
import { rememberSize } from './terminal-list.ts'
import { XtermView } from './xterm-view.ts'

/**
 * A page that nobody sees lets go of its terminals after this long: browsers slow its timers to one a second, so it
 * would only hold up what runs. Shorter looks away are not worth the coming back.
 */
const HIDDEN_GRACE_MS = 10_000

export interface ControllerState {
  readonly attachment: AttachmentState
  /** Whether the screen was drawn for the first time. */
  readonly drawn: boolean
  /** For how many cells there is room; `null` before it is measured. */
  readonly room: Size | null
  /** What a program wants on the clipboard, until the user says whether. */
  readonly clipboard: string | null
  /** A paste of several lines that waits for consent. */
  readonly paste: string | null
  /** Whether the next key is pressed with Ctrl, by the bar for phones. */
  readonly ctrl: boolean
  readonly finding: boolean
  /** Which match of how many is shown; `null` when nothing is searched for. */
  readonly matches: { readonly index: number; readonly count: number } | null
}

/** @param cwd where the shell says it is, if it does */
export type OpenPath = (path: PathInText, cwd: string | null) => void

export interface FindOptions {
  readonly regex: boolean
  readonly caseSensitive: boolean
}

/** One shown terminal: the emulator, its hold on the runner's terminal, and what the user is asked meanwhile. */
export class TerminalController {
  readonly #view: XtermView
  readonly #attachment: Attachment
  readonly #listeners = new Set<() => void>()
  readonly #ends: (() => void)[] = []
  #state: ControllerState
  #search: Promise<SearchAddon> | null = null
  #hiddenTimer: ReturnType<typeof setTimeout> | null = null
  /** The user said that programs in this terminal may always write to the clipboard. */
  #trustsClipboard = false
  #openPath: OpenPath | null = null
  /** The terminal's size, as the runner said last. */
  #size: Size | null = null

  constructor(mux: Mux, terminal: TerminalId) {
    this.#view = new XtermView(settings(), {
      onInput: (text) => this.#onInput(text),
      onBinaryInput: (bytes) => this.#attachment.typeBinary(bytes),
      onRoom: (room) => this.#onRoom(room),
      onClipboard: (text) => this.#onClipboard(text),
      onSelect: (text) => {
        // What a search finds is selected too, and was not chosen by hand.
        if (settings().copyOnSelect && text !== '' && !this.#state.finding) this.copy(text)
      },
      onCopy: (text) => this.copy(text),
      onOpenPath: (path, cwd) => this.#openPath?.(path, cwd),
      onFind: () => this.#show({ finding: true }),
    })
    this.#attachment = new Attachment({
      mux,
      terminal,
      // Each view is a client of its own: two of the same terminal in one tab count and wish for themselves.
      client: randomId('cli'),
      surface: {
        draw: (bytes, onDrawn) => this.#view.draw(bytes, onDrawn),
        resize: (size) => this.follow(size),
        restore: (bytes, size, onDrawn) =>
          this.#view.restore(bytes, size, () => {
            // It was taken before it came; the terminal may have got another size since.
            if (this.#size !== null) this.#view.resize(this.#size)
            this.#show({ drawn: true })
            onDrawn()
          }),
      },
      onState: (attachment) => this.#show({ attachment }),
    })
    this.#state = {
      attachment: this.#attachment.state,
      drawn: false,
      room: null,
      clipboard: null,
      paste: null,
      ctrl: false,
      finding: false,
      matches: null,
    }
  }

  get state(): ControllerState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Shows the terminal in an element. */
  open(host: HTMLElement): void {
    this.#view.open(host)
    const onPaste = (event: ClipboardEvent): void => {
      event.preventDefault()
      event.stopPropagation()
      this.paste(event.clipboardData?.getData('text/plain') ?? '')
    }
    const onVisibility = (): void => this.#onVisibility()
    host.addEventListener('paste', onPaste, { capture: true })
    document.addEventListener('visibilitychange', onVisibility)
    this.#ends.push(
      () => host.removeEventListener('paste', onPaste, { capture: true }),
      () => document.removeEventListener('visibilitychange', onVisibility),
    )
  }

  dispose(): void {
    if (this.#hiddenTimer !== null) clearTimeout(this.#hiddenTimer)
    for (const end of this.#ends) end()
    this.#attachment.close()
    this.#view.dispose()
    this.#listeners.clear()
  }

  focus(): void {
    this.#view.terminal.focus()
  }

  change(changed: Settings): void {
    this.#view.change(changed)
  }

  /** The runner says that the terminal has this size. */
  follow({ cols, rows }: Pick<Terminal, 'cols' | 'rows'>): void {
    this.#size = { cols, rows }
    this.#view.resize(this.#size)
  }

  /** Says what opens a path that is clicked. */
  openPathsWith(open: OpenPath): void {
    this.#openPath = open
  }

  /** The program has ended: what is typed goes nowhere. */
  end(): void {
    this.#view.terminal.options.disableStdin = true
  }

  retry(): void {
    this.#attachment.retry()
  }

  /** Puts text on the clipboard; a browser that refuses is told. */
  copy(text: string): void {
    copyText(text).catch(() => toast({ tone: 'failed', text: 'The browser did not allow copying.' }))
  }

  copySelection(): void {
    this.copy(this.#view.terminal.getSelection())
  }

  hasSelection(): boolean {
    return this.#view.terminal.hasSelection()
  }

  /** Whether the program listens to the mouse, so that clicks are its own. */
  isMouseTaken(): boolean {
    return this.#view.terminal.modes.mouseTrackingMode !== 'none'
  }

  selectAll(): void {
    this.#view.terminal.selectAll()
  }

  /** Forgets what scrolled out of sight, here alone. */
  clearHistory(): void {
    this.#view.terminal.clear()
  }

  /** Pastes text; several lines that would run at once are asked about first. */
  paste(text: string): void {
    if (text === '') return
    if (needsConsent(text, this.#view.terminal.modes.bracketedPasteMode)) this.#show({ paste: text })
    else this.#pasteNow(text)
  }

  /** Pastes what the clipboard holds, if the browser lets us read it. */
  async pasteFromClipboard(): Promise<void> {
    try {
      this.paste(await navigator.clipboard.readText())
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error
      toast({ tone: 'failed', text: 'The browser did not allow pasting from here. Use its own shortcut.' })
    }
  }

  answerPaste(allowed: boolean): void {
    const text = this.#state.paste
    this.#show({ paste: null })
    if (allowed && text !== null) this.#pasteNow(text)
    this.focus()
  }

  answerClipboard(answer: 'once' | 'always' | 'no'): void {
    const text = this.#state.clipboard
    if (answer === 'always') this.#trustsClipboard = true
    this.#show({ clipboard: null })
    if (answer !== 'no' && text !== null) this.copy(text)
    this.focus()
  }

  press(key: BarKey): void {
    const applicationCursor = this.#view.terminal.modes.applicationCursorKeysMode
    this.#send(keySequence(key, { ctrl: this.#state.ctrl, applicationCursor }))
    this.#show({ ctrl: false })
  }

  toggleCtrl(): void {
    this.#show({ ctrl: !this.#state.ctrl })
  }

  showFind(): void {
    this.#show({ finding: true })
  }

  hideFind(): void {
    void this.find('', { regex: false, caseSensitive: false }, 'newest')
    this.#show({ finding: false })
    this.focus()
  }

  /** Shows a match; what is no regular expression finds nothing. */
  async find(text: string, options: FindOptions, which: 'newest' | 'next' | 'previous'): Promise<void> {
    this.#search ??= this.#loadSearch()
    const search = await this.#search
    if (text === '' || (options.regex && !isRegex(text))) {
      search.clearDecorations()
      this.#show({ matches: null })
      return
    }
    const all: ISearchOptions = { ...options, decorations: matchColours() }
    // A new search begins at the end, which is what the user has just seen.
    if (which === 'newest') this.#view.terminal.clearSelection()
    if (which === 'next') search.findNext(text, all)
    else search.findPrevious(text, all)
  }

  async #loadSearch(): Promise<SearchAddon> {
    const search = await this.#view.loadSearch()
    const results = search.onDidChangeResults(({ resultIndex, resultCount }) =>
      this.#show({ matches: { index: resultIndex, count: resultCount } }),
    )
    this.#ends.push(() => results.dispose())
    return search
  }

  #onInput(text: string): void {
    if (!this.#state.ctrl) return this.#send(text)
    this.#show({ ctrl: false })
    this.#send(withCtrl(text))
  }

  #send(text: string): void {
    this.#view.terminal.scrollToBottom()
    if (!this.#attachment.type(text)) {
      toast({ tone: 'failed', text: 'This is too much to paste. Upload it as a file instead.' })
    }
  }

  #pasteNow(text: string): void {
    this.#view.terminal.paste(cleanPaste(text))
  }

  #onRoom(room: Size): void {
    rememberSize(room)
    this.#show({ room })
    this.#attachment.wish(room)
  }

  #onClipboard(text: string): void {
    if (this.#trustsClipboard) this.copy(text)
    else this.#show({ clipboard: text })
  }

  #onVisibility(): void {
    if (this.#hiddenTimer !== null) clearTimeout(this.#hiddenTimer)
    this.#hiddenTimer = null
    if (document.visibilityState === 'visible') this.#attachment.wake()
    else this.#hiddenTimer = setTimeout(() => void this.#attachment.sleep(), HIDDEN_GRACE_MS)
  }

  #show(patch: Partial<ControllerState>): void {
    this.#state = { ...this.#state, ...patch }
    for (const listener of this.#listeners) listener()
  }
}

/** Whether a text is a regular expression. */
export function isRegex(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function matchColours(): NonNullable<ISearchOptions['decorations']> {
  return {
    matchBackground: readToken('--waiting-soft'),
    matchOverviewRuler: readToken('--waiting'),
    activeMatchBackground: readToken('--accent-soft'),
    activeMatchBorder: readToken('--accent'),
    activeMatchColorOverviewRuler: readToken('--accent'),
  }
}
