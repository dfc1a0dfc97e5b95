import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e6fbf7',
  '#cdf3ec',
  '#9fe6da',
  '#6cd8c6',
  '#3fc9b3',
  '#20b39c',
  '#0f9d88',
  '#0b7f6f',
  '#0a6659',
  '#074e45',
];

const slate: MantineColorsTuple = [
  '#d5dbe3',
  '#b4bdc9',
  '#94a0b0',
  '#76839a',
  '#3b475a',
  '#2b3545',
  '#212a38',
  '#18202c',
  '#111823',
  '#0b1018',
];

/** Colours, type and sizes of the console; the same in dark and light. */
export const theme = createTheme({
  colors: { teal, dark: slate },
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", "SF Mono", "Cascadia Code", Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    // What holds the focus first would stand as no item within the list of items.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.5 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { overlayProps: { backgroundOpacity: 0.5 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        withArrow: true,
        multiline: true,
        maw: 360,
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
});

/** Colours whose light variant is used for badges, rows and buttons. */
const LIGHT_VARIANTS = ['teal', 'gray', 'red', 'orange', 'yellow', 'blue', 'grape'] as const;

/** In the dark, a breath of the colour over what is below, with bright words: calmer than filled, and still readable. */
function darkLightVariants(): Record<string, string> {
  const of = (name: string) => ({
    [`--mantine-color-${name}-light`]: `color-mix(in srgb, var(--mantine-color-${name}-5) 20%, transparent)`,
    [`--mantine-color-${name}-light-hover`]: `color-mix(in srgb, var(--mantine-color-${name}-5) 28%, transparent)`,
    [`--mantine-color-${name}-light-color`]: `var(--mantine-color-${name}-2)`,
  });
  return Object.assign({}, ...LIGHT_VARIANTS.map(of));
}

/** Our own variables beside those of Mantine: `--cp-…`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566172',
    '--mantine-color-body': '#f5f7fa',
    '--mantine-color-error': '#b42318',
    '--mantine-color-orange-light-color': '#9a4a00',
    '--mantine-color-yellow-light-color': '#7a5200',
    '--mantine-color-red-light-color': '#b42318',
    '--cp-panel': '#ffffff',
    '--cp-well': '#eef1f5',
    '--cp-line': '#e8ecf1',
    '--cp-hover': '#f3f6f9',
    '--cp-good': '#0a6659',
    '--cp-bad': '#b42318',
    '--cp-warn': '#9a4a00',
    '--cp-busy': '#1554b3',
    '--cp-calm': '#566172',
    '--cp-good-bg': '#e6f7f3',
    '--cp-bad-bg': '#fdecea',
    '--cp-warn-bg': '#fff3e0',
    '--cp-busy-bg': '#e8f0fd',
    '--cp-calm-bg': '#eef1f5',
    '--cp-mark-bg': '#ffe3c2',
    '--cp-mark-text': '#7a3b00',
    '--cp-json-name': '#3b3f99',
    '--cp-json-text': '#0b6b45',
    '--cp-json-literal': '#9a4a00',
  },
  dark: {
    ...darkLightVariants(),
    '--mantine-color-dimmed': '#97a4b6',
    '--mantine-color-body': '#0e141d',
    '--mantine-color-error': '#ff8f85',
    '--cp-panel': '#151d29',
    '--cp-well': '#0f1620',
    '--cp-line': '#202a38',
    '--cp-hover': '#1b2532',
    '--cp-good': '#4fd1b5',
    '--cp-bad': '#ff8f85',
    '--cp-warn': '#ffb469',
    '--cp-busy': '#86b6ff',
    '--cp-calm': '#97a4b6',
    '--cp-good-bg': '#10302c',
    '--cp-bad-bg': '#3a1a1c',
    '--cp-warn-bg': '#38270f',
    '--cp-busy-bg': '#162a47',
    '--cp-calm-bg': '#1d2735',
    '--cp-mark-bg': '#5a3a10',
    '--cp-mark-text': '#ffd9a8',
    '--cp-json-name': '#a9b4ff',
    '--cp-json-text': '#7ee0b0',
    '--cp-json-literal': '#ffb469',
  },
});
