/** The measurement of our own check points. No service of HomeIQ reads it, and the data flow does not count it. */
export const checkMeasurement = 'homeiq_setup_check';
