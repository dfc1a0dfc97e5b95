import { SegmentedControl } from '@mantine/core';
import { type MapWindow, WINDOWS } from './windows.ts';

const CENTRED = { root: { alignSelf: 'center' } } as const;
const DATA = Object.entries(WINDOWS).map(([value, { label }]) => ({ value, label }));

interface WindowControlProps {
  readonly value: MapWindow;
  readonly onChange: (window: MapWindow) => void;
}

/** Chooses how far back figures go. */
export function WindowControl({ value, onChange }: WindowControlProps) {
  return (
    <SegmentedControl
      size="xs"
      styles={CENTRED}
      aria-label="How far back figures go"
      value={value}
      onChange={(next) => onChange(next as MapWindow)}
      data={DATA}
    />
  );
}
