// Runs in a frame or in a worker: what it asked for and has not got yet, it asks for no more.
typeof WorkerGlobalScope === 'undefined' ? stop() : close();
