declare const DROVER_BUILD: string | undefined;

/** Version and content of the bundle that runs: `0.1.0+3fa9c1d2`. Sources run by a test call themselves `dev`. */
export const BUILD: string = typeof DROVER_BUILD === 'string' ? DROVER_BUILD : 'dev';
