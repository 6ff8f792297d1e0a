"""The public pages, feeds and sitemap."""
