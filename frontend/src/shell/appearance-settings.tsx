import { Minus, Monitor, Moon, Plus, Sun } from 'lucide-react'
import type { ReactElement } from 'react'
import { SettingsRows, SettingsSection } from '../lib/settings-section.tsx'
import { changeSettings, MAX_FONT_SIZE, MIN_FONT_SIZE, useSettings } from '../lib/settings.ts'
import type { Settings } from '../lib/settings.ts'
import { IconButton, Segmented, setThemeChoice, Switch, useThemeChoice } from '../ui/index.ts'

/** How this browser shows things; other browsers keep their own. */
export function AppearanceSettings(): ReactElement {
  const theme = useThemeChoice()
  const settings = useSettings()
  return (
    <>
      <SettingsSection title="Appearance" about="Kept in this browser.">
        <SettingsRows>
          <Row label="Theme">
            <Segmented
              label="Theme"
              value={theme}
              onValueChange={setThemeChoice}
              options={[
                { value: 'system', label: 'System', icon: <Monitor size={13} /> },
                { value: 'light', label: 'Light', icon: <Sun size={13} /> },
                { value: 'dark', label: 'Dark', icon: <Moon size={13} /> },
              ]}
            />
          </Row>
          <SizeRow label="Text of transcripts" name="textSize" settings={settings} />
          <SizeRow label="Code and diffs" name="codeSize" settings={settings} />
          <SizeRow label="Terminal" name="terminalSize" settings={settings} />
        </SettingsRows>
      </SettingsSection>
      <SettingsSection title="Terminal">
        <SettingsRows>
          <Row label="Cursor">
            <Segmented
              label="Cursor"
              value={settings.terminalCursor}
              onValueChange={(terminalCursor) => changeSettings({ terminalCursor })}
              options={[
                { value: 'block', label: 'Block' },
                { value: 'bar', label: 'Bar' },
                { value: 'underline', label: 'Underline' },
              ]}
            />
          </Row>
          <SwitchRow
            label="Blinking cursor"
            checked={settings.terminalBlink}
            onChange={(terminalBlink) => changeSettings({ terminalBlink })}
          />
          <SwitchRow
            label="Copy on selection"
            hint="Selecting text with the mouse puts it on the clipboard."
            checked={settings.copyOnSelect}
            onChange={(copyOnSelect) => changeSettings({ copyOnSelect })}
          />
          <SwitchRow
            label="Tell screen readers"
            hint="Terminals read out what they show. This costs speed."
            checked={settings.screenReader}
            onChange={(screenReader) => changeSettings({ screenReader })}
          />
        </SettingsRows>
      </SettingsSection>
      <SettingsSection title="Editor">
        <SettingsRows>
          <SwitchRow
            label="Wrap long lines"
            hint="Otherwise they are scrolled to."
            checked={settings.wrapLines}
            onChange={(wrapLines) => changeSettings({ wrapLines })}
          />
        </SettingsRows>
      </SettingsSection>
    </>
  )
}

function Row({ label, children }: { readonly label: string; readonly children: ReactElement }): ReactElement {
  return (
    <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-1.5">
      <span className="text-sm">{label}</span>
      {children}
    </div>
  )
}

interface SwitchRowProps {
  readonly label: string
  readonly hint?: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function SwitchRow({ label, hint, checked, onChange }: SwitchRowProps): ReactElement {
  return (
    <div className="px-4 py-1.5">
      <Switch label={label} checked={checked} onCheckedChange={onChange} {...(hint === undefined ? {} : { hint })} />
    </div>
  )
}

interface SizeRowProps {
  readonly label: string
  readonly name: 'textSize' | 'codeSize' | 'terminalSize'
  readonly settings: Settings
}

function SizeRow({ label, name, settings }: SizeRowProps): ReactElement {
  const size = settings[name]
  return (
    <Row label={label}>
      <div className="flex items-center gap-1">
        <IconButton
          size="small"
          label={`${label}: smaller`}
          icon={<Minus size={13} />}
          disabled={size <= MIN_FONT_SIZE}
          onClick={() => changeSettings({ [name]: size - 1 })}
        />
        <output aria-label={label} className="w-12 text-center text-sm tabular-nums">{`${size} px`}</output>
        <IconButton
          size="small"
          label={`${label}: larger`}
          icon={<Plus size={13} />}
          disabled={size >= MAX_FONT_SIZE}
          onClick={() => changeSettings({ [name]: size + 1 })}
        />
      </div>
    </Row>
  )
}
