export type { CanvasOverlay, CanvasProps, CanvasWish, SlotPlace, StepOverlay, StepState } from './canvas-props.ts';
export type { Outline, OutlineSlot, OutlineStep } from './model.ts';
export { OutlineTree } from './outline-tree.tsx';
export { PlaybookCanvas } from './playbook-canvas.tsx';
export { indexSteps, outlineAddress, type StepPlace, type StepsIndex } from './steps-index.ts';
