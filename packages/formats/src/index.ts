export { defaultNoise } from './default-noise.ts';
export { errors as formatsErrors } from './errors.ts';
export { anyNoise, type NoiseDocument, type NoiseList, noiseList } from './noise-list.ts';
export { canonicalise, observableOf } from './observables/canonical.ts';
export { defang } from './observables/defang.ts';
export { DEFAULT_LIMIT, type ExtractOptions, extractObservables } from './observables/extract.ts';
export { type Observable, type ObservableType, observableTypes } from './observables/observable.ts';
export { refang } from './observables/refang.ts';
