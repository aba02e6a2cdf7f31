/** What a storm assumes where nothing was measured, nor given. */

/** What a cold start adds: between 100 ms and over 1 s (AWS Compute blog, April 2025). An assumption within that. */
export const assumedColdStartMs = 400;

/** How long one call of the @connections API takes in the Region. An assumption: AWS documents none. */
export const assumedPushMs = 20;
