"""The live stream: many browsers, one process, one question to the database for all of them.

`reading` asks the database, `hub` decides who is told what, `process` runs the two on one event
loop, `app` speaks HTTP. Services write the news: `core/services/stream.py`.
"""
