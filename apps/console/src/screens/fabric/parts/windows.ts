import type { FabricMap } from '../map/map-graph.ts';

/** How far back figures of the fabric go. */
export type MapWindow = FabricMap['window'];

/** The windows that can be chosen: on the button, and in a sentence. */
export const WINDOWS: Readonly<Record<MapWindow, { readonly label: string; readonly within: string }>> = {
  '15m': { label: '15 min', within: 'in the last 15 minutes' },
  '1h': { label: '1 h', within: 'in the last hour' },
  '24h': { label: '24 h', within: 'in the last 24 hours' },
};

/** Arguments of a reading; none for what is read without being asked for, so that screens share it. */
export function windowed(window: MapWindow): { readonly query?: { readonly window: MapWindow } } {
  return window === '1h' ? {} : { query: { window } };
}
