"""Texts for people: Markdown and documents as one tree of blocks, written as HTML, PDF or DOCX.

The tree is the only way from what a member wrote to a page: no writer joins a member's text with markup of its own.
"""
