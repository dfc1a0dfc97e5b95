import { createSpotlight } from '@mantine/spotlight';

/** The palette: what is open and chosen in it, and what opens it. */
export const [paletteStore, palette] = createSpotlight();

/**
 * Has something chosen in the list, so that Enter goes somewhere: what was chosen before, else the first. To be called when
 * what is found has changed: by itself the palette chooses only when a key is typed, and answers come later than that.
 */
export function chooseOne(): void {
  const list = document.getElementById(paletteStore.getState().listId);
  const actions = [...(list?.querySelectorAll('[data-action]') ?? [])];
  const selected = Math.max(
    0,
    actions.findIndex((action) => action.hasAttribute('data-selected')),
  );
  actions[selected]?.setAttribute('data-selected', 'true');
  paletteStore.updateState((state) => ({ ...state, selected: actions.length === 0 ? -1 : selected }));
}
